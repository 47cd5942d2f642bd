using Vprox.Netlink;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.NodeAgent.Core.DataPlane.Counting;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>The data plane of the network namespace it was opened in.</summary>
public sealed class NodeDataPlane : INodeDataPlane, IDisposable
{
    private readonly DataPlaneOptions _options;
    private readonly ShapingSupport? _support;
    private readonly IWireGuardClient _wireGuard;
    private readonly RouteNetlink _route;
    private readonly RulesetStore _ruleset;
    private readonly RouteMonitor _monitor = RouteMonitor.Open();
    private readonly ChangeMonitor _traffic = ChangeMonitor.OfTraffic();
    private readonly ChangeMonitor _linkSettings = ChangeMonitor.OfLinkSettings();
    private readonly KernelReader _reader;
    private readonly KernelWriter _writer;
    private readonly TrafficReader _counts;

    private (DesiredNode Node, KernelState State, IReadOnlyList<string> Flaws)? _goal;

    // What the last round left; null while one is under way or after it failed.
    private KernelState? _held;

    // What a round compared and found to be one; null when it found something to do.
    private (KernelState Desired, KernelState Actual)? _agreed;

    private NodeDataPlane(DataPlaneOptions options, IWireGuardClient wireGuard, RouteNetlink route, RulesetStore ruleset)
    {
        _support = options.Shaping is null ? null : ShapingSupport.Probe(route);
        _options = options with { Shaping = _support?.Leaf is { } leaf ? options.Shaping! with { Leaf = leaf } : null };
        (_wireGuard, _route, _ruleset) = (wireGuard, route, ruleset);
        _reader = new KernelReader(route, wireGuard, ruleset, _monitor, options.ReadsPeersIn, TimeProvider.System, _traffic, _linkSettings);
        _writer = new KernelWriter(route, wireGuard, ruleset);
        _counts = new TrafficReader(ruleset, new ShapingReader(route));
    }

    /// <inheritdoc/>
    public string WireGuardBackend => _wireGuard.Backend;

    /// <inheritdoc/>
    public uint? RulesetGeneration => _ruleset.Generation;

    /// <summary>Opens the kernel's interfaces in the calling thread's network namespace.</summary>
    /// <exception cref="WireGuardException">There is no WireGuard of the kind that was asked for.</exception>
    /// <exception cref="Nftables.NftException">libnftables is not installed.</exception>
    public static NodeDataPlane Open(DataPlaneOptions options, WireGuardBackend backend) =>
        Open(options, WireGuardClient.Open(backend));

    /// <summary>Opens the kernel's interfaces in the calling thread's network namespace, but WireGuard's, which is given.</summary>
    /// <exception cref="Nftables.NftException">libnftables is not installed.</exception>
    public static NodeDataPlane Open(DataPlaneOptions options, IWireGuardClient wireGuard) => new(options, wireGuard, RouteNetlink.Open(), new RulesetStore());

    /// <summary>The options in force: how packets wait is what the kernel has.</summary>
    internal DataPlaneOptions Options => _options;

    /// <inheritdoc/>
    public IReadOnlyList<string> ShapingFlaws { get; private set; } = [];

    /// <inheritdoc/>
    public NodeTraffic CountTraffic() => _counts.Read();

    /// <inheritdoc/>
    public Task<IReadOnlyList<Device>> ReadDevicesAsync(CancellationToken cancellationToken) => _reader.DevicesAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Device?> ReadDeviceAsync(int listenPort, CancellationToken cancellationToken) =>
        _wireGuard.GetAsync(TunnelName.Of(listenPort), cancellationToken);

    /// <inheritdoc/>
    public Task<KernelRound> ApplyAsync(DesiredNode desired, Func<Task> betweenSteps, CancellationToken cancellationToken)
    {
        // The same as long as nothing new is desired.
        if (!ReferenceEquals(_goal?.Node, desired))
            _goal = (desired, DesiredKernel.For(desired, _options), DesiredShaping.Flaws(desired, _options));
        return ApplyAsync(desired.Addresses, _goal.Value.State, _goal.Value.Flaws, betweenSteps, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<KernelRefusals> ArriveAsync(DesiredNode desired, CancellationToken cancellationToken) =>
        KernelRefusals.Of(await _writer.ApplyAsync(ArrivalPlan.For(desired), () => Task.CompletedTask, cancellationToken), desired.Addresses);

    /// <inheritdoc/>
    public Task StartHandshakesAsync(int listenPort, IReadOnlyList<DesiredPeer> peers, bool anew, CancellationToken cancellationToken)
    {
        var name = TunnelName.Of(listenPort);
        _reader.Forget(name);
        return _writer.StartHandshakesAsync(name, [.. peers.Where(peer => peer.Endpoint is not null).Select(DesiredKernel.Peer)], anew, cancellationToken);
    }

    /// <inheritdoc/>
    public Task SetPeersAsync(int listenPort, IReadOnlyList<DesiredPeer> peers, CancellationToken cancellationToken)
    {
        var name = TunnelName.Of(listenPort);
        _reader.Forget(name);
        return _wireGuard.ConfigureAsync(
            name, new DeviceConfig { Peers = [.. peers.Select(peer => KernelWriter.Config(DesiredKernel.Peer(peer)) with { Endpoint = null })] }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RemovePeersAsync(int listenPort, IReadOnlyList<WireGuardKey> publicKeys, CancellationToken cancellationToken)
    {
        var name = TunnelName.Of(listenPort);
        _reader.Forget(name);
        if (publicKeys.Count > 0 && _route.Link(name) is not null)
            await _wireGuard.ConfigureAsync(name, KernelWriter.Removal(publicKeys), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task TeardownAsync(CancellationToken cancellationToken)
    {
        var done = await ApplyAsync([], KernelState.Empty, [], () => Task.CompletedTask, cancellationToken);
        if (done.Refusals.Others is [var first, ..] left)
            throw new IOException($"{left.Count} steps were refused, the first: {first}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wireGuard.Dispose();
        _route.Dispose();
        _ruleset.Dispose();
        _monitor.Dispose();
        _traffic.Dispose();
        _linkSettings.Dispose();
    }

    private async Task<KernelRound> ApplyAsync(
        IReadOnlyList<DesiredAddress> addresses, KernelState desired, IReadOnlyList<string> flaws, Func<Task> betweenSteps, CancellationToken cancellationToken)
    {
        var actual = await _reader.ReadAsync(desired, cancellationToken);
        var isAgreed = _agreed is { } agreed && ReferenceEquals(agreed.Desired, desired) && ReferenceEquals(agreed.Actual, actual);
        var plan = isAgreed ? [] : KernelPlan.Between(desired, actual);
        _agreed = plan.Count == 0 ? (desired, actual) : null;
        var repairs = KernelRepairs.In(plan, desired, _held);
        _held = null;
        foreach (var name in plan.Select(change => change.Tunnel).OfType<string>())
            _reader.Forget(name);
        if (plan.Any(change => change is SetSysctl))
            _reader.ForgetSettings();
        if (plan.Any(change => change is RemoveTraffic or DeleteBlock))
            _counts.TakeDrops();
        var refused = (await _writer.ApplyAsync(plan, betweenSteps, cancellationToken)).ToLookup(refusal => RoutingRequest.IsShaping(refusal.Step));
        // What should have been shaped flows unshaped, and no address is taken away for it.
        List<string> unshaped = [.. refused[true].Select(refusal => refusal.Reason)];
        List<KernelRefusal> missing = [.. refused[false]];
        if (missing.Where(refusal => KernelRefusals.IsNodes(refusal.Step)).ToList() is { Count: > 0 } nodes)
            throw new KernelRefusedException(nodes, plan.Count);
        // What the kernel did not take is tried again and is nobody's doing.
        _held = (missing.Count == 0 ? desired : actual with { Ruleset = desired.Ruleset, LinksUp = desired.LinksUp }) with { Shaping = unshaped.Count == 0 ? desired.Shaping : actual.Shaping };
        ShapingFlaws = [.. _support?.Missing is { } lacking ? [lacking] : Array.Empty<string>(), .. flaws, .. DesiredShaping.Flaws(actual.Shaping), .. unshaped];
        var undone = refused.SelectMany(each => each).Select(refusal => refusal.Step).ToHashSet(ReferenceEqualityComparer.Instance);
        return new KernelRound(
            ChangeSentences.Of([.. plan.Where(change => !undone.Contains(change))]),
            ChangeSentences.Of([.. repairs.Where(change => !undone.Contains(change))]),
            repairs.Any(change => change is ChangeRuleset),
            _reader.Seen) { Refusals = KernelRefusals.Of(missing, addresses) };
    }
}
