using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Workers;

/// <summary>Connects and removes peers: in the table, in the kernel, and on the bus.</summary>
public sealed class Tunnels(
    NodeState state, INodeDataPlane dataPlane, KernelGate kernel, ConnectBatches connects, PeerEvents events, Signals signals, NodeAgentOptions options, TimeProvider time)
{
    /// <summary>Connects a peer. When it returns Connected the peer is in the kernel: the answer means that it works.</summary>
    /// <exception cref="WireGuardException">The kernel refused; nothing changed.</exception>
    public async Task<ConnectOutcome> ConnectAsync(Placement placement, ConnectRequest request)
    {
        var outcome = await connects.ConnectAsync(placement, request).ConfigureAwait(false);
        if (outcome is ConnectOutcome.Connected { Peer.Endpoint: null })
            signals.Peers.Raise();
        return outcome;
    }

    /// <summary>Removes a peer; removing one that is not there changes nothing, and asks nothing of the kernel.</summary>
    public async Task<bool> RemoveAsync(Placement placement, WireGuardKey key, string reason, CancellationToken cancellationToken) =>
        await RemoveAsync(placement, () => state.FindPeer(placement.Address, key) is not null ? [new LeavingPeer(key, reason)] : [], cancellationToken).ConfigureAwait(false) > 0;

    /// <summary>Notes where the peers of some interfaces are, says where they have moved, and removes those that shall leave.</summary>
    public async Task SeeAsync(IReadOnlyList<Device> devices, CancellationToken cancellationToken)
    {
        if (devices.Count == 0)
            return;
        // An address about to leave keeps its peers: they are idle only because it is leaving.
        var serving = state.Serving.ToDictionary(placement => placement.ListenPort);
        foreach (var device in devices)
        {
            if (!serving.TryGetValue(device.ListenPort, out var placement))
                continue;
            foreach (var peer in state.Observe(placement.Address, device))
                events.SaySeen(placement, peer);
            IReadOnlyList<LeavingPeer> Leaving() => state.LeavingPeersOf(placement.Address, device, options.IdlePeerAfter, time.GetUtcNow());
            if (Leaving().Count > 0)
                await RemoveAsync(placement, Leaving, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks where peers are that connected a moment ago and have not been seen yet: at their interfaces only.</summary>
    /// <param name="since">Those that connected before are not looked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task LookForNewAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var seen = new List<Device>();
        foreach (var placement in state.WithUnseenPeers(since))
        {
            if (await kernel.RunAsync(() => dataPlane.ReadDeviceAsync(placement.ListenPort, cancellationToken), cancellationToken).ConfigureAwait(false) is { } device)
                seen.Add(device);
        }
        await SeeAsync(seen, cancellationToken).ConfigureAwait(false);
    }

    // Who leaves is decided at the kernel: a peer may have connected again since.
    private Task<int> RemoveAsync(Placement placement, Func<IReadOnlyList<LeavingPeer>> whoLeaves, CancellationToken cancellationToken) => kernel.RunAsync(async () =>
    {
        var leaving = whoLeaves();
        if (leaving.Count == 0)
            return 0;
        await dataPlane.RemovePeersAsync(placement.ListenPort, [.. leaving.Select(peer => peer.PublicKey)], cancellationToken).ConfigureAwait(false);
        var removed = leaving.Where(peer => state.RemovePeer(placement.Address, peer.PublicKey, time.GetUtcNow())).ToList();
        foreach (var peer in removed)
            events.SayRemoved(placement, peer.PublicKey, peer.Reason);
        return removed.Count;
    }, cancellationToken);
}
