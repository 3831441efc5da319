//! What a node can say that is not so. Each lie is named here with what a victim would believe; how
//! it is told is elsewhere.

/// An untruth in an otherwise well-formed answer.
///
/// Heights are those of blocks; a lie about blocks leaves block 0 alone unless it says otherwise, so
/// that an endpoint is not refused before it can lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lie {
    /// The newest block is this much lower: the victim believes that nothing happened since, and
    /// stops receiving.
    StaleHead(u64),
    /// The newest block is this much higher: the victim believes that it is behind, and waits for
    /// blocks that nobody has.
    FutureHead(u64),
    /// The account has sent this much less: the victim signs at a nonce that is used.
    NonceMinus(u64),
    /// The account has sent this much more: the victim leaves a gap, or believes that another device
    /// uses its account.
    NoncePlus(u64),
    /// This much more is final: the victim believes that another transaction has its message's nonce
    /// for ever, and sends the message twice.
    FinalNoncePlus(u64),
    /// Blocks without their Whiteflag transactions, their headers unchanged: the victim believes that
    /// nobody wrote anything.
    OmitWhiteflag,
    /// The same from a height on, with roots, hashes and parents to match: a chain that is whole in
    /// itself and differs from that of others.
    OmitAndRecount(u64),
    /// The last octet of each Whiteflag message is another: the victim believes another place or time.
    AlterCalldata,
    /// The same, with the transaction's hash to match: the signer that is recovered is another.
    AlterCalldataAndHash,
    /// Whiteflag transactions are `from` somebody else: the victim believes another originator.
    SwapSender,
    /// Whiteflag transactions have other hashes: references lead to other messages.
    SwapHash,
    /// Each block has a Whiteflag transaction more, whose signature is none: the victim believes a
    /// message that nobody signed.
    InsertForged,
    /// The same, signed by a stranger for this chain, and in no block: the victim believes that it was
    /// published.
    InsertValidElsewhere,
    /// The block at a height holds one invented message and nothing else, genuine in itself; the next
    /// block does not follow it.
    ForgeBlock(u64),
    /// From a height on each block holds one invented message, and each follows the one before: the
    /// victim believes in a history that is not.
    ForgeWholeBranch(u64),
    /// Each block asked for by height is the one before it: the victim misses the newest, and counts
    /// others twice.
    ReplayOldBlock,
    /// Blocks have the number above theirs: the victim files messages under other heights.
    WrongNumber,
    /// Blocks follow others than they do: the victim believes that the chain was replaced.
    WrongParent,
    /// Blocks are a day later than they are: the victim believes that messages are newer.
    AlterTime,
    /// The same from a height on, with hashes and parents to match.
    AlterTimeConsistently(u64),
    /// The newest block is final: the victim believes that what can still be replaced cannot.
    FakeFinalized,
    /// The newest block is safe.
    FakeSafe,
    /// The final block is one lower each time: the victim takes back what it said for ever.
    FinalizedGoesBack,
    /// The final block is another one, genuine in itself: the victim believes that its own final block
    /// was replaced.
    FinalizedOtherHash,
    /// Another chain id: the victim signs for another chain.
    ChainIdSwap,
    /// Another first block, genuine in itself: the victim believes that this is another chain.
    GenesisSwap,
    /// A thousand times the price: the victim pays too much, or does not send.
    FeesTimes1000,
    /// No price at all: the victim offers too little, and its messages wait.
    FeesZero,
    /// The account is empty: the victim asks for money that it has.
    BalanceZero,
    /// The account is rich: the victim queues what it cannot pay.
    BalanceHuge,
    /// The account carries code (EIP-7702): the victim stops sending, or pays for running it.
    CodeNotEmpty,
    /// Transactions that are unknown wait in the pool: the victim believes that its message is on its
    /// way, and does not offer it.
    KnownButNot,
    /// Transactions that are in no block are in the newest: the victim believes that its message is
    /// published.
    MinedButNot,
    /// No transaction is known: the victim offers again and again, or believes that all is lost.
    UnknownAlways,
    /// Transactions are taken, and never seen again: the victim believes that its message was sent.
    AcceptThenForget,
    /// Transactions are taken under another hash: the victim waits for another transaction.
    AcceptWrongHash,
    /// Transactions are refused with these words, and never looked at: the victim gives up, or
    /// believes the reason.
    RefuseAlways(&'static str),
    /// The history contract (EIP-2935) has other hashes: the victim believes that honest endpoints lie.
    FalseHistoryContract,
    /// There are no blocks above the first: the victim believes that nothing was ever written.
    NullBlocks,
    /// Any transaction needs all the gas of a block: the victim pays, or cannot.
    EstimateHuge,
    /// Each transaction is in its block twice: the victim shows messages twice.
    DuplicateTransactions,
    /// Transactions are hashes, although the whole was asked for: the victim believes that there is
    /// no message.
    HashesOnly,
    /// Transactions are of a type that nobody knows, so that no root can be made of them: the victim
    /// believes that its program is too old to verify.
    UnknownTypeEverywhere,
}

const BLOCKS: &[&str] = &["eth_getBlockByNumber", "eth_getBlockByHash"];
const BY_NUMBER: &[&str] = &["eth_getBlockByNumber"];
const HEAD: &[&str] = &["eth_blockNumber", "eth_getBlockByNumber"];
const COUNT: &[&str] = &["eth_getTransactionCount"];
const BY_HASH: &[&str] = &["eth_getTransactionByHash"];
const TRANSACTION: &[&str] = &["eth_getTransactionByHash", "eth_getTransactionReceipt"];
const FINAL: &[&str] = &["eth_getBlockByNumber", "eth_getTransactionCount"];
const BRANCH: &[&str] = &[
    "eth_getBlockByNumber",
    "eth_getBlockByHash",
    "eth_getTransactionByHash",
    "eth_getTransactionReceipt",
    "eth_call",
];
const PRICES: &[&str] = &["eth_feeHistory", "eth_gasPrice", "eth_maxPriorityFeePerGas"];
const BALANCE: &[&str] = &["eth_getBalance"];
const OFFER: &[&str] = &["eth_sendRawTransaction"];

impl Lie {
    /// Each lie, with typical values.
    pub const ALL: [Self; 43] = [
        Self::StaleHead(3),
        Self::FutureHead(5),
        Self::NonceMinus(1),
        Self::NoncePlus(2),
        Self::FinalNoncePlus(3),
        Self::OmitWhiteflag,
        Self::OmitAndRecount(1),
        Self::AlterCalldata,
        Self::AlterCalldataAndHash,
        Self::SwapSender,
        Self::SwapHash,
        Self::InsertForged,
        Self::InsertValidElsewhere,
        Self::ForgeBlock(2),
        Self::ForgeWholeBranch(2),
        Self::ReplayOldBlock,
        Self::WrongNumber,
        Self::WrongParent,
        Self::AlterTime,
        Self::AlterTimeConsistently(2),
        Self::FakeFinalized,
        Self::FakeSafe,
        Self::FinalizedGoesBack,
        Self::FinalizedOtherHash,
        Self::ChainIdSwap,
        Self::GenesisSwap,
        Self::FeesTimes1000,
        Self::FeesZero,
        Self::BalanceZero,
        Self::BalanceHuge,
        Self::CodeNotEmpty,
        Self::KnownButNot,
        Self::MinedButNot,
        Self::UnknownAlways,
        Self::AcceptThenForget,
        Self::AcceptWrongHash,
        Self::RefuseAlways("nonce too low"),
        Self::FalseHistoryContract,
        Self::NullBlocks,
        Self::EstimateHuge,
        Self::DuplicateTransactions,
        Self::HashesOnly,
        Self::UnknownTypeEverywhere,
    ];

    /// Whether a client with honest other endpoints can prove it, from what it recomputes anyway
    /// (hashes, roots, signers, links), has pinned (chain id, first block), or from a settled block of
    /// which the others know another hash. Who tells such a lie must not be asked again. The rest a
    /// lagging, pruned or careless honest node says too, or it is in a field that need not be read: a
    /// client can only not be fooled by it.
    #[must_use]
    pub fn blamable(self) -> bool {
        matches!(
            self,
            Self::OmitWhiteflag
                | Self::OmitAndRecount(_)
                | Self::AlterCalldata
                | Self::AlterCalldataAndHash
                | Self::InsertForged
                | Self::InsertValidElsewhere
                | Self::ForgeBlock(_)
                | Self::ForgeWholeBranch(_)
                | Self::ReplayOldBlock
                | Self::WrongNumber
                | Self::WrongParent
                | Self::AlterTime
                | Self::AlterTimeConsistently(_)
                | Self::FinalizedOtherHash
                | Self::ChainIdSwap
                | Self::GenesisSwap
                | Self::AcceptWrongHash
                | Self::FalseHistoryContract
                | Self::DuplicateTransactions
        )
    }

    /// The methods whose answers it changes.
    #[must_use]
    pub fn methods(self) -> &'static [&'static str] {
        match self {
            Self::StaleHead(_) => HEAD,
            Self::FutureHead(_) => &["eth_blockNumber"],
            Self::NonceMinus(_) | Self::NoncePlus(_) | Self::FinalNoncePlus(_) => COUNT,
            Self::OmitAndRecount(_)
            | Self::ForgeWholeBranch(_)
            | Self::AlterTimeConsistently(_) => BRANCH,
            Self::OmitWhiteflag
            | Self::AlterCalldata
            | Self::AlterCalldataAndHash
            | Self::SwapSender
            | Self::SwapHash
            | Self::InsertForged
            | Self::InsertValidElsewhere
            | Self::ForgeBlock(_)
            | Self::WrongNumber
            | Self::WrongParent
            | Self::AlterTime
            | Self::GenesisSwap
            | Self::NullBlocks
            | Self::DuplicateTransactions
            | Self::HashesOnly
            | Self::UnknownTypeEverywhere => BLOCKS,
            Self::ReplayOldBlock
            | Self::FakeSafe
            | Self::FinalizedGoesBack
            | Self::FinalizedOtherHash => BY_NUMBER,
            Self::FakeFinalized => FINAL,
            Self::ChainIdSwap => &["eth_chainId"],
            Self::FeesTimes1000 | Self::FeesZero => PRICES,
            Self::BalanceZero | Self::BalanceHuge => BALANCE,
            Self::CodeNotEmpty => &["eth_getCode"],
            Self::KnownButNot | Self::MinedButNot => BY_HASH,
            Self::UnknownAlways => TRANSACTION,
            Self::AcceptThenForget | Self::AcceptWrongHash | Self::RefuseAlways(_) => OFFER,
            Self::FalseHistoryContract => &["eth_call"],
            Self::EstimateHuge => &["eth_estimateGas"],
        }
    }

    pub(super) fn concerns(self, method: &str) -> bool {
        self.methods().contains(&method)
    }
}
