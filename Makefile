# The two commands of this repository. Each does its own set-up, says what it
# does, and may be repeated.
#
#   make run           build, start a local exercise network, open the app on it
#   make run FRESH=1   the same, with a new chain and new data folders
#   make test          every check that a change must pass

.PHONY: run test
.NOTPARALLEL:

run:
	@sh xtask/packages.sh
	@FRESH="$(FRESH)" cargo xtask run

test:
	@sh xtask/packages.sh
	@cargo xtask test
