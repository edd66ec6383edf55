package gitlab

// Change is something that some releases of GitLab do and others do not. Code asks for a change by its name and never
// compares releases.
type Change int

// The changes, in the order of the releases that brought them.
const (
	LosesUpdateErrors Change = iota
	OpensWhilePreparing
	ListsApplicableChecks
	RefusesForeignBranches
	RefusesForeignChecks
	RespondingNeedsDeveloper
	ShowsMergeUser
	StatusVocabulary
	AuditsChecks
	TellsOfDiscussions
	OpeningNeedsCode
	DeliversAsJSON
	MergeGate
	VersionIsMetadata
	ShowsDetailedMergeStatus
	MetadataHasEdition
	NumbersAccessLevels
	MaintainersRename
	AuditsCheckNames
	RetryOnlyMarks
	TellsOfPeople
	PollInterval
	ReadersSeeProtectedBranches
	MasksExternalURL
	ReadsDiffHead
	ExposesMoreHeaders
	DelaysDeletion
	ShowsDeployKeys
	ShowsPreparation
	TextForMalformedJSON
	PendingResponses
	ResponsesTimeOut
	ShowsGeneratedFiles
	StatuslessCreateRefusal
	AutoMergeAwaitsChecks
	ChecksHaveOwnAbility
	ApproversAreMembers
	SharedSecrets
	DropsBlockedDeliveries
	NamesRefusedRules
	AllBranchesTakeChecks
	AlwaysListsAllBranches
	ReportersReadStatuses
	PagesDiffs
	GroupBranches
	ShowsInheritance
	RequiresInOwnWords
	TellsOfPreparation
	AnnouncesApprovalResets
	ShowsParentsOfCommits
	RespondsByService
	RefusesPathTraversal
	LimitsJSON
	ShowsDiffLimits
	ShowsApprovalTimes
	TellsWhenToRetry
	NamesMalformedJSON
	DumpsSchema
	TellsOfRateLimits
	ReadsReferer
	ReadsClientAddress
	SendsNetworkErrorPolicy
	LimitsSecrets
	PlannersReadCode
	TellsOfApprovalRules
	TellsWhenItActed
	MergingCanNeedSHA
	ScopesByWildcard
	OrdersChecksByCost
	ShortResponseEntity
	LooksUpBeforeAbility
	GroupApproversFromPlanner
	BranchRulesHaveOwnAbilities
	HidesUnknownChecks
	changeCount
)
