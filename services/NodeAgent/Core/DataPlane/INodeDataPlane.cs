using Vprox.NodeAgent.Core.DataPlane.Counting;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>
/// This node's kernel as the control side sees it. Callers make one call at a time. Every call may be repeated: what is as asked for already stays
/// untouched. A refusal throws, with operation, errno and the kernel's words, unless the call can tell which address alone it concerns; the next round
/// heals what was left half done.
/// </summary>
public interface INodeDataPlane
{
    /// <summary>"kernel" or "userspace": which WireGuard was found at start.</summary>
    string WireGuardBackend { get; }

    /// <summary>The number of the nftables ruleset after our last look at it or change of it; null when that is not known. May be read at any time.</summary>
    uint? RulesetGeneration { get; }

    /// <summary>Where bandwidth was not what was asked for in the last round, one sentence each; empty when all is.</summary>
    IReadOnlyList<string> ShapingFlaws { get; }

    /// <summary>
    /// What each address that the kernel knows has sent and received, shaped or not, and what the firewall dropped. May be called at any time. The kernel keeps it: a placement that changes, a
    /// round and a restart of the agent leave it as it is, and it ends when the address goes.
    /// </summary>
    /// <exception cref="Netlink.NetlinkException">The kernel refused.</exception>
    NodeTraffic CountTraffic();

    /// <summary>Our WireGuard interfaces (vp&lt;port&gt;) with their peers as the kernel has them now; empty on a fresh node.</summary>
    Task<IReadOnlyList<Device>> ReadDevicesAsync(CancellationToken cancellationToken);

    /// <summary>The interface of this listen port with its peers; null when there is none.</summary>
    Task<Device?> ReadDeviceAsync(int listenPort, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the kernel hold exactly this for Vprox, adds before removes but for addresses that have left the node. Peers that are not named go; an
    /// endpoint is only set on peers the kernel does not have.
    /// </summary>
    /// <param name="desired">What it shall hold.</param>
    /// <param name="betweenSteps">Called between two steps, when others may use the data plane: a node with hundreds of addresses takes seconds.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    /// <returns>What was done; nothing, for instance, after a restart that adopts. And what was refused of single addresses.</returns>
    Task<KernelRound> ApplyAsync(DesiredNode desired, Func<Task> betweenSteps, CancellationToken cancellationToken);

    /// <summary>
    /// Puts addresses that have just arrived on their ENI, without comparing anything: interface, key, peers and maps stand ready. What has
    /// changed meanwhile the next round puts right.
    /// </summary>
    /// <param name="desired">Where they arrived; other addresses in it are not touched.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was refused.</returns>
    Task<KernelRefusals> ArriveAsync(DesiredNode desired, CancellationToken cancellationToken);

    /// <summary>Sends each of these peers a handshake initiation; those without an endpoint are passed over.</summary>
    /// <param name="listenPort">The interface's.</param>
    /// <param name="peers">The peers.</param>
    /// <param name="anew">
    /// True forgets the peer's session first. WireGuard sends no second initiation within 5 s (REKEY_TIMEOUT) unless the peer is new.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    Task StartHandshakesAsync(int listenPort, IReadOnlyList<DesiredPeer> peers, bool anew, CancellationToken cancellationToken);

    /// <summary>
    /// Adds peers to the interface of this listen port in one write, or sets their inner addresses; where they are they say themselves. When it returns,
    /// the peers work. Touches no nft.
    /// </summary>
    Task SetPeersAsync(int listenPort, IReadOnlyList<DesiredPeer> peers, CancellationToken cancellationToken);

    /// <summary>Removes peers in one write. Removing one that is not there, or whose interface is gone, changes nothing.</summary>
    Task RemovePeersAsync(int listenPort, IReadOnlyList<WireGuardKey> publicKeys, CancellationToken cancellationToken);

    /// <summary>Removes everything of ours from the kernel and touches nothing else.</summary>
    Task TeardownAsync(CancellationToken cancellationToken);
}
