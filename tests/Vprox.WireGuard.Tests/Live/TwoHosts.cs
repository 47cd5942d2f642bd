using System.Net;
using Vprox.Lab.Namespaces;

namespace Vprox.WireGuard.Tests.Live;

/// <summary>Two network namespaces joined by a veth pair, 192.0.2.1 and 192.0.2.2, each with a client of the backend under test.</summary>
public sealed class TwoHosts : IDisposable
{
    public TwoHosts() : this(Host.ChosenBackend) { }

    internal TwoHosts(WireGuardBackend backend)
    {
        var prefix = NetworkNamespace.RandomPrefix();
        Left = new Host(prefix + "-left", backend);
        Right = new Host(prefix + "-right", backend);
        Left.Ip($"link add e0 type veth peer name e0 netns {Right.Name}");
        Left.Ip($"address add {LeftAddress}/24 dev e0");
        Right.Ip($"address add {RightAddress}/24 dev e0");
        Left.Ip("link set e0 up");
        Right.Ip("link set e0 up");
    }

    public Host Left { get; }

    public Host Right { get; }

    public static IPAddress LeftAddress { get; } = IPAddress.Parse("192.0.2.1");

    public static IPAddress RightAddress { get; } = IPAddress.Parse("192.0.2.2");

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }
}
