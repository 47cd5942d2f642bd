using System.Net;
using Vprox.Addressing;
using Vprox.Identity;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

/// <summary>A worker's state with a clock, driven by events; the kernel obeys at once.</summary>
internal sealed class Scene
{
    public static readonly WireGuardKey ServerKey = WireGuardPrivateKey.Generate().PublicKey();
    private static readonly string Pin = Convert.ToBase64String(new byte[32]);

    public Scene(bool spare = false) => State = new WorkerState { Policy = new WorkerPolicy { WorkerId = "w1", TombstoneLimit = 3, Spare = spare } };

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public WorkerState State { get; private set; }

    public Container this[string id] => State.Containers[id];

    public Tunnel Tunnel => State.Tunnels.Values.Single();

    public Scene After(TimeSpan time)
    {
        Now += time;
        return On(new WorkerEvent.Tick());
    }

    public Scene On(WorkerEvent happened)
    {
        State = State.Next(happened, Now);
        return this;
    }

    public Scene Start(string id, string ip = "10.88.0.2", string proxy = "p1", string? workspace = null, bool foreign = false)
    {
        var container = new Container { Id = id, Ip = IPAddress.Parse(ip), ProxyId = proxy, WorkspaceId = workspace, Link = "br0", ReceivedAt = default };
        return On(new WorkerEvent.Started(foreign ? container.Refuse(new("foreign-container", "no")) : container, WireGuardPrivateKey.Generate()));
    }

    public Scene Stop(string id) => On(new WorkerEvent.Stopped(id));

    /// <summary>A round of the kernel.</summary>
    public Scene Kernel(params int[] foreign)
    {
        State = State.WithSlots(foreign.ToHashSet());
        return On(new WorkerEvent.Applied(State.Desired()));
    }

    public Scene Grant(string proxy = "p1", string workspace = "ws1", string address = "192.0.2.10") =>
        On(new WorkerEvent.Granted(proxy, GrantFor(workspace, address)));

    public Scene Connect(string proxy = "p1") => On(new WorkerEvent.Connected(proxy, Connection()));

    public Scene Prove(string proxy = "p1") => On(new WorkerEvent.Answered(proxy));

    /// <summary>A container all the way to its path.</summary>
    public Scene Route(string id, string ip = "10.88.0.2") => Start(id, ip).Kernel().Grant().Connect().Kernel().Prove().Kernel();

    public IReadOnlyList<Duty> Due => WorkerDuties.Due(State, Now);

    public TunnelGrant GrantFor(string workspace, string address) => new()
    {
        Token = "token",
        Address = IPAddress.Parse(address),
        WorkspaceId = workspace,
        ServerPublicKey = ServerKey,
        Inner = Ipv4Prefix.Parse("240.0.0.0/22"),
        TlsPin = TlsPin.TryParse(Pin, out var pin) ? pin : throw new InvalidOperationException(),
        RenewAt = Now + TimeSpan.FromHours(12),
        ExpiresAt = Now + TimeSpan.FromHours(24),
    };

    public static NodeConnection Connection() => new()
    {
        Endpoint = IPEndPoint.Parse("192.0.2.10:49152"),
        InnerAddresses = [IPAddress.Parse("240.0.0.2")],
        Blocks = [new InnerBlock(IPAddress.Parse("240.0.0.2"), AddressLayout.PortsOfBlock(0))],
        Gateway = IPAddress.Parse("240.0.0.1"),
        Mtu = 1420,
    };
}
