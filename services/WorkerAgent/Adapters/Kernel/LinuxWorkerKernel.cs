using System.Net;
using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>The kernel by rtnetlink, WireGuard's client, libnftables and /proc/sys.</summary>
public sealed class LinuxWorkerKernel : IWorkerKernel, IDisposable
{
    // What a container runtime puts a container behind; a physical link leads to other hosts.
    private static readonly string[] ContainerLinkKinds = [LinkKind.Bridge, LinkKind.Veth, LinkKind.Tun];

    private readonly RouteNetlink _route = RouteNetlink.Open();
    private readonly Nft _nft = new();
    private readonly IWireGuardClient _wireGuard;
    private readonly RouteMonitor _monitor = RouteMonitor.Open();
    private readonly RulesetInForce _ruleset;
    private readonly TunnelInterfaces _tunnels;
    private readonly KernelReader _reader;
    private readonly KernelWriter _writer;

    /// <summary>Opens the calling thread's network namespace.</summary>
    public LinuxWorkerKernel(WorkerAgentOptions options)
    {
        _wireGuard = WireGuardClient.Open(options.WireGuard);
        _ruleset = new RulesetInForce(_nft);
        _tunnels = new TunnelInterfaces(_wireGuard);
        _reader = new KernelReader(_route, _monitor, _tunnels, _ruleset);
        _writer = new KernelWriter(_route, _wireGuard, _ruleset);
        HasConntrackTimeouts = RulesetInForce.TakesConntrackTimeouts(_nft);
    }

    /// <inheritdoc/>
    public string WireGuardBackend => _wireGuard.Backend;

    /// <inheritdoc/>
    public bool InterfacesAreProcesses => _wireGuard.Backend == "userspace";

    /// <inheritdoc/>
    public bool HasConntrackTimeouts { get; }

    /// <inheritdoc/>
    public Task<ObservedWorker> ReadAsync(bool everything, CancellationToken cancellationToken) => _reader.ReadAsync(everything, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> HoldsNothingAsync(CancellationToken cancellationToken) =>
        !_ruleset.Exists() && await _reader.ReadAsync(everything: true, cancellationToken) is { Rules: [], Routes: [] } observed
        && observed.Interfaces.All(each => each.IsBare);

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<WorkerStep> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps.OfType<WorkerStep.OfInterface>())
            _tunnels.Forget(step.Slot);
        return _writer.ApplyAsync(steps, cancellationToken);
    }

    /// <inheritdoc/>
    public LocalPath PathTo(IPAddress address)
    {
        var route = _route.RouteTo(address);
        if (route is { Type: RouteType.Local or RouteType.Broadcast })
            return new(null, IsOwnAddress: true);
        if (route is not { Type: RouteType.Unicast, Gateway: null, LinkIndex: { } index })
            return new(null);
        var link = _route.Links().FirstOrDefault(each => each.Index == index);
        return new(link is not null && ContainerLinkKinds.Contains(link.Kind) && TunnelNames.SlotOf(link.Name) is null ? link.Name : null);
    }

    /// <inheritdoc/>
    public Task PrepareAsync(int slot, CancellationToken cancellationToken) => _wireGuard.CreateAsync(TunnelNames.Interface(slot), cancellationToken);

    /// <inheritdoc/>
    public Task<Device?> DeviceAsync(int slot, CancellationToken cancellationToken) => _wireGuard.GetAsync(TunnelNames.Interface(slot), cancellationToken);

    /// <inheritdoc/>
    public async Task ConfigureAsync(int slot, DeviceConfig config, CancellationToken cancellationToken)
    {
        try
        {
            await _wireGuard.ConfigureAsync(TunnelNames.Interface(slot), config, cancellationToken);
        }
        finally
        {
            _tunnels.Forget(slot);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wireGuard.Dispose();
        _ruleset.Dispose();
        _monitor.Dispose();
        _nft.Dispose();
        _route.Dispose();
    }
}
