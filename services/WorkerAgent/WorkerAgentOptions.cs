using Vprox.Addressing;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Nftables;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent;

/// <summary>Section WorkerAgent.</summary>
public sealed class WorkerAgentOptions : IValidatedOptions
{
    /// <summary>The worker's name, the routing key of its events.</summary>
    public string WorkerId { get; set; } = Environment.MachineName;

    /// <summary>Holds the journal; on /run, so that it is as old as the kernel state it describes.</summary>
    public string StateDirectory { get; set; } = "/run/vprox/worker";

    /// <summary>Auto, Kernel or Userspace.</summary>
    public WireGuardBackend WireGuard { get; set; }

    /// <summary>Where nodes answer /connect.</summary>
    public int NodeHttpsPort { get; set; } = 443;

    /// <summary>Interfaces from which nothing ever leaves outside a tunnel.</summary>
    public string[] FailClosedInterfaces { get; set; } = [];

    /// <summary>Subnets from which nothing ever leaves outside a tunnel, in CIDR notation.</summary>
    public string[] FailClosedSubnets { get; set; } = [];

    /// <summary>True lets containers ask a resolver on this host, which then shows the host's address to the world.</summary>
    public bool AllowHostDns { get; set; }

    /// <summary>How long a node may take to answer one /connect.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a container waits for its path, all attempts together, before it is refused.</summary>
    public TimeSpan RouteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a tunnel without containers is kept.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks at a tunnel; it is probed when nothing was received since the last one.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long port blocks must be without need before they are given back.</summary>
    public TimeSpan PortIdleAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two comparisons of the whole kernel state with what it shall be.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections that the host's containers shall have at once (net.netfilter.nf_conntrack_max, which is raised to it and never lowered). The kernel
    /// takes about 320 bytes for each that there is.
    /// </summary>
    public long Connections { get; set; } = 262_144;

    /// <summary>Containers that the host shall hold at once: the neighbour table is made large enough for them.</summary>
    public long Containers { get; set; } = 4096;

    /// <inheritdoc/>
    public IEnumerable<string> Errors()
    {
        if (!QueueNames.IsId(WorkerId))
            yield return $"WorkerId: '{WorkerId}' is not 1 to 128 characters of A-Z a-z 0-9 . _ : -";
        if (!Path.IsPathRooted(StateDirectory))
            yield return $"StateDirectory: '{StateDirectory}' is not an absolute path";
        if (NodeHttpsPort is < 1 or > 65535)
            yield return $"NodeHttpsPort: {NodeHttpsPort} is not a TCP port";
        foreach (var name in (FailClosedInterfaces ?? []).Where(name => !IsInterface(name)))
            yield return $"FailClosedInterfaces: '{name}' is not an interface name";
        foreach (var subnet in (FailClosedSubnets ?? []).Where(text => !Ipv4Prefix.TryParse(text, out _)))
            yield return $"FailClosedSubnets: '{subnet}' is not an IPv4 prefix such as 10.88.0.0/16 (host bits must be zero)";
        if (Connections is < 1024 or > 1 << 28)
            yield return $"Connections: {Connections} is outside 1024..{1 << 28}";
        if (Containers is < 16 or > 1 << 20)
            yield return $"Containers: {Containers} is outside 16..{1 << 20}";
        foreach (var (name, value) in Times())
        {
            if (value < TimeSpan.FromMilliseconds(100) || value > TimeSpan.FromHours(1))
                yield return $"{name}: {value} is outside 00:00:00.100..01:00:00";
        }
    }

    /// <summary>What the state machine goes by.</summary>
    public WorkerPolicy ToPolicy() => new()
    {
        WorkerId = WorkerId,
        RouteTimeout = RouteTimeout,
        Linger = Linger,
        Guard = new Guard
        {
            Interfaces = FailClosedInterfaces,
            Subnets = [.. FailClosedSubnets.Select(Ipv4Prefix.Parse)],
            AllowHostDns = AllowHostDns,
        },
    };

    private IEnumerable<(string Name, TimeSpan Value)> Times() =>
    [
        (nameof(ConnectTimeout), ConnectTimeout), (nameof(RouteTimeout), RouteTimeout), (nameof(Linger), Linger),
        (nameof(ProbeInterval), ProbeInterval), (nameof(ReconcileInterval), ReconcileInterval),
        (nameof(PortIdleAfter), PortIdleAfter),
    ];

    private static bool IsInterface(string? name)
    {
        try
        {
            return name is not null && NftName.Interface(name).Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
