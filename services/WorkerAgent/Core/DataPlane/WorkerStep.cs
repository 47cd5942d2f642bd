using System.Net;
using Vprox.WireGuard;

namespace Vprox.WorkerAgent.Core;

/// <summary>One change of the kernel. A step that was already carried out changes nothing.</summary>
public abstract record WorkerStep
{
    /// <summary>A change of one of our interfaces.</summary>
    public abstract record OfInterface(int Slot) : WorkerStep;

    /// <summary><c>nft -f</c>: one transaction, after which the table is this one.</summary>
    public sealed record ReplaceRuleset(Ruleset Ruleset) : WorkerStep;

    /// <summary><c>nft delete table inet vprox_worker</c>; only teardown does it.</summary>
    public sealed record RemoveRuleset : WorkerStep;

    /// <summary><c>sysctl net.ipv4.ip_forward=1</c></summary>
    public sealed record EnableForwarding : WorkerStep;

    /// <summary><c>ip link add vw&lt;n&gt; type wireguard</c></summary>
    public sealed record CreateInterface(int Slot) : OfInterface(Slot);

    /// <summary><c>wg set vw&lt;n&gt; …</c></summary>
    public sealed record ConfigureDevice(int Slot, DeviceConfig Config) : OfInterface(Slot);

    /// <summary><c>ip link set vw&lt;n&gt; mtu … up</c> and <c>sysctl net.ipv4.conf.vw&lt;n&gt;.rp_filter=2</c></summary>
    public sealed record RaiseInterface(int Slot, int Mtu) : OfInterface(Slot);

    /// <summary><c>ip address add &lt;Address&gt;/32 dev vw&lt;n&gt;</c></summary>
    public sealed record AddAddress(int Slot, IPAddress Address) : OfInterface(Slot);

    /// <summary><c>ip route add …</c></summary>
    public sealed record AddRoute(TunnelRoute Route) : WorkerStep;

    /// <summary><c>ip rule add …</c></summary>
    public sealed record AddRule(ContainerRule Rule) : WorkerStep;

    /// <summary><c>ip rule del …</c></summary>
    public sealed record DeleteRule(ContainerRule Rule) : WorkerStep;

    /// <summary><c>ip route del …</c></summary>
    public sealed record DeleteRoute(TunnelRoute Route) : WorkerStep;

    /// <summary><c>ip address del &lt;Address&gt;/32 dev vw&lt;n&gt;</c></summary>
    public sealed record DeleteAddress(int Slot, IPAddress Address) : OfInterface(Slot);

    /// <summary><c>ip link del vw&lt;n&gt;</c></summary>
    public sealed record DeleteInterface(int Slot) : OfInterface(Slot);
}
