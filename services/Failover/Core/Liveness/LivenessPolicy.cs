namespace Vprox.Failover.Core.Liveness;

/// <summary>How much evidence is enough.</summary>
public sealed record LivenessPolicy
{
    /// <summary>Silence after which a node is suspected: three heartbeats.</summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>A node that refuses connections is alive without its agent, and its kernel carries traffic: for so long it may restart.</summary>
    public TimeSpan AgentGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the agent of a silent node may take connections and answer none while it starts: the kernel carries traffic meanwhile.</summary>
    public TimeSpan AgentStarts { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a silent node may take connections and answer none, as long as no worker complains: a kernel that takes connections carries traffic too,
    /// and an agent can be starved for seconds.
    /// </summary>
    public TimeSpan HungAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long trouble told by the node itself, or by workers against an answered probe, must last.</summary>
    public TimeSpan GreyAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many workers must have lost all addresses of a node; fewer only when no other is known to use it.</summary>
    public int Witnesses { get; init; } = 2;

    /// <summary>A worker's report that is not said again ends by itself.</summary>
    public TimeSpan ReportLife { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A worker that had lost everything is given so long to have all its tunnels back: two tries of a handshake (REKEY_TIMEOUT, 5 s).</summary>
    public TimeSpan OutageSettles { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A node that serves an address is given so long until its workers' handshakes: their complaints before are about the move.
    /// </summary>
    public TimeSpan ServingSettles { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same for an address of which nobody has said that it is served, e.g. before this process began.</summary>
    public TimeSpan PlacementSettles { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an unhealthy node must be well; doubled for each further time it was unhealthy within <see cref="FlapMemory"/>.</summary>
    public TimeSpan RecoverAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that doubling makes of <see cref="RecoverAfter"/>.</summary>
    public TimeSpan LongestRecovery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long a node's deaths are counted.</summary>
    public TimeSpan FlapMemory { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The share of the nodes that may be lost at once.</summary>
    public double HoldAbove { get; init; } = 0.3;

    /// <summary>The least number of nodes for <see cref="HoldAbove"/> to mean anything.</summary>
    public int HoldFrom { get; init; } = 4;

    /// <summary>Verdicts this close together count as at once.</summary>
    public TimeSpan AtOnce { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Nodes that die together are last heard up to a heartbeat apart: for so long a verdict waits to see whether more follow, when those
    /// that already miss heartbeats would be too many.
    /// </summary>
    public TimeSpan HoldGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A longer pause between two ticks was ours (a stopped process, a bus that was away): it is no silence of the nodes.</summary>
    public TimeSpan OwnPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Describe calls lag: EC2's word that an instance is going stands against an older or hardly newer "running".</summary>
    public TimeSpan Ec2Settles { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A verdict that was not published is offered again after this, longer than a publish may take.</summary>
    public TimeSpan OfferAgain { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>A silent node that the Allocator does not know is forgotten.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many nodes are watched at most, against ids made up by whoever has the bus.</summary>
    public int MostNodes { get; init; } = 10_000;

    /// <summary>How many workers are listened to at most, and how many addresses of each.</summary>
    public int MostWorkers { get; init; } = 10_000;

    /// <summary>How many addresses of one worker are remembered.</summary>
    public int MostAddresses { get; init; } = 1_000;
}
