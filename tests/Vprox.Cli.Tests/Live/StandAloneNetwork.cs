using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Namespaces;

namespace Vprox.Cli.Tests.Live;

/// <summary>
/// Two hosts that may have the server's address, two clients, and between them an internet that leads the address to one host or the other, as EC2 does:
/// <code>
/// client 1 198.51.100.2 ─┐                          ┌─ host a 198.51.100.10  (192.0.2.10)
/// client 2 198.51.100.6 ─┴─ internet 203.0.113.1 ───┴─ host b 198.51.100.14
/// </code>
/// An <see cref="EchoServer"/> stands on the internet.
/// </summary>
public sealed class StandAloneNetwork : IDisposable
{
    public static readonly IPAddress Address = IPAddress.Parse("192.0.2.10");
    public static readonly IPAddress Guest = IPAddress.Parse("203.0.113.130");
    public static readonly IPEndPoint Echo = IPEndPoint.Parse("203.0.113.1:7");

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly string _prefix = NetworkNamespace.RandomPrefix();
    private readonly EchoServer _echo;

    public StandAloneNetwork()
    {
        Internet = NetworkNamespace.Create($"{_prefix}-inet");
        HostA = Join("a", 9);
        HostB = Join("b", 13);
        Client1 = Join("c1", 1);
        Client2 = Join("c2", 5);
        Ip(Internet, $"address add {Echo.Address}/32 dev lo");
        Shell(Internet, "sysctl -qw net.ipv4.ip_forward=1");
        Ip(HostA, $"address add {Address}/32 dev up0");
        Lead(toB: false);
        _echo = new EchoServer(Internet, Echo);
    }

    public NetworkNamespace Internet { get; }

    public NetworkNamespace HostA { get; }

    public NetworkNamespace HostB { get; }

    public NetworkNamespace Client1 { get; }

    public NetworkNamespace Client2 { get; }

    /// <summary>Leads the address to a host.</summary>
    public void Lead(bool toB) => Ip(Internet, $"route replace {Address}/32 via {(toB ? "198.51.100.14" : "198.51.100.10")}");

    /// <summary>Pulls host a's cable.</summary>
    public void CutHostA() => Ip(Internet, "link set to-a down");

    /// <summary>Makes a guest behind host a, as a container or a machine that it routes for: out with the host's address, in by its port 8080.</summary>
    public NetworkNamespace AddGuest()
    {
        var guest = NetworkNamespace.Create($"{_prefix}-guest");
        Ip(HostA, $"link add to-guest type veth peer name up0 netns {guest.Name}");
        Ip(HostA, "address add 203.0.113.129/30 dev to-guest");
        Ip(HostA, "link set to-guest up");
        Ip(guest, $"address add {Guest}/30 dev up0");
        Ip(guest, "link set up0 up");
        Ip(guest, "route add default via 203.0.113.129");
        Ip(Internet, $"route add {Guest}/32 via 198.51.100.10");
        Shell(HostA, "sysctl -qw net.ipv4.ip_forward=1");
        TranslateGuest(true);
        return guest;
    }

    /// <summary>Has host a translate for its guest, or merely route.</summary>
    public void TranslateGuest(bool on) => Shell(HostA, !on ? "nft delete table ip guests" : $$"""
        nft 'table ip guests { chain out { type nat hook postrouting priority srcnat; oifname "up0" ip saddr {{Guest}} snat to {{Address}}; }; chain in { type nat hook prerouting priority dstnat; ip daddr {{Address}} tcp dport 8080 dnat to {{Guest}}; }; }'
        """);

    /// <summary>What the internet sees of a connection through an interface: "address:port".</summary>
    public static async Task<string> SeenFromAsync(NetworkNamespace from, string? link = "vprox0", TimeSpan? patience = null)
    {
        using var stream = await OpenAsync(from, link, patience);
        return stream.Seen;
    }

    /// <summary>Opens a connection to the echo server, as <c>curl --interface</c> does: SO_BINDTODEVICE, no route needed.</summary>
    public static async Task<EchoStream> OpenAsync(NetworkNamespace from, string? link = "vprox0", TimeSpan? patience = null, IPEndPoint? to = null)
    {
        var socket = from.Run(() =>
        {
            var made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (link is not null)
                made.SetRawSocketOption(1, 25, Encoding.ASCII.GetBytes(link + "\0"));
            return made;
        });
        using var deadline = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(15));
        try
        {
            await socket.ConnectAsync(to ?? Echo, deadline.Token);
            return await EchoStream.BeginAsync(socket, deadline.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static string Ip(NetworkNamespace where, string arguments) => where.Execute("ip", arguments.Split(' '));

    public static string Shell(NetworkNamespace where, string command) => where.Execute("sh", "-c", command);

    public static Task UntilAsync(string what, Func<bool> condition) => UntilAsync(what, () => Task.FromResult(condition()));

    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
            Assert.True(watch.Elapsed < Deadline, $"{what}: not within {Deadline.TotalSeconds} s");
    }

    public void Dispose()
    {
        _echo.Dispose();
        foreach (var each in (NetworkNamespace[])[Client1, Client2, HostA, HostB, Internet])
            each.Dispose();
    }

    private NetworkNamespace Join(string name, int router)
    {
        var host = NetworkNamespace.Create($"{_prefix}-{name}");
        Ip(Internet, $"link add to-{name} type veth peer name up0 netns {host.Name}");
        Ip(Internet, $"address add 198.51.100.{router}/30 dev to-{name}");
        Ip(host, $"address add 198.51.100.{router + 1}/30 dev up0");
        Ip(Internet, $"link set to-{name} up");
        Ip(host, "link set up0 up");
        Ip(host, $"route add default via 198.51.100.{router}");
        return host;
    }
}
