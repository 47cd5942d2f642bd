using System.Net;
using Vprox.WireGuard;

namespace Vprox.Cli.Connect;

/// <summary>One change of the kernel for a client's interface. A step that was carried out already changes nothing.</summary>
internal abstract record ClientStep
{
    /// <summary><c>nft -f</c>: the interface's table in one transaction.</summary>
    public sealed record ReplaceRuleset(string Text) : ClientStep
    {
        public override string ToString() => "set the nft table";
    }

    /// <summary><c>ip link add … type wireguard</c></summary>
    public sealed record Create : ClientStep
    {
        public override string ToString() => "made the interface";
    }

    /// <summary><c>wg set …</c></summary>
    public sealed record Configure(DeviceConfig Config) : ClientStep
    {
        public override string ToString() => "set key and peer";
    }

    /// <summary><c>ip link set … mtu … up</c> and <c>sysctl net.ipv4.conf.….rp_filter=2</c></summary>
    public sealed record Raise(int Mtu) : ClientStep
    {
        public override string ToString() => $"set it up with MTU {Mtu}";
    }

    /// <summary><c>ip address add …/32</c></summary>
    public sealed record AddAddress(IPAddress Address) : ClientStep
    {
        public override string ToString() => $"added {Address}";
    }

    /// <summary><c>ip address del …/32</c></summary>
    public sealed record DeleteAddress(IPAddress Address) : ClientStep
    {
        public override string ToString() => $"took {Address} away";
    }
}
