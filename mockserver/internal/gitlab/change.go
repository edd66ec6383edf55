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
	TellsEventUUID
	SaysWhatIsExecutable
	StatusVocabulary
	AuditsChecks
	TellsOfDiscussions
	OpeningNeedsCode
	DeliversAsJSON
	MergeGate
	VersionIsMetadata
	TellsInstance
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
	LimitsStatusTexts
	ExposesMoreHeaders
	DelaysDeletion
	ShowsDeployKeys
	ShowsPreparation
	TellsWebhookUUID
	ShowsPipelinesOfStatuses
	TextForMalformedJSON
	PendingResponses
	ResponsesTimeOut
	ShowsGeneratedFiles
	StatuslessCreateRefusal
	NotesHaveActions
	AutoMergeAwaitsChecks
	ChecksHaveOwnAbility
	NamesWebhooks
	MissesPipelines
	ApproversAreMembers
	SharedSecrets
	DropsBlockedDeliveries
	NamesRefusedRules
	TellsIdempotencyKey
	AllBranchesTakeChecks
	MissesTreePaths
	AlwaysListsAllBranches
	ReportersReadStatuses
	PagesDiffs
	GroupBranches
	ShowsInheritance
	RequiresInOwnWords
	TellsOfPreparation
	ShowsParentsOfCommits
	RespondsByService
	RefusesPathTraversal
	LimitsJSON
	ShowsDiffLimits
	ShowsApprovalTimes
	AnnouncesApprovalResets
	TellsWhenToRetry
	TellsOfApprovalRules
	TellsOfReviews
	NamesMalformedJSON
	DumpsSchema
	TellsOfRateLimits
	LinksStraightComparisons
	ReadsReferer
	ReadsClientAddress
	SendsNetworkErrorPolicy
	LimitsSecrets
	PlannersReadCode
	TellsWhenItActed
	SignsWebhooks
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
