using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Namespaces;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>
/// A worker host with a bridge, an internet with an echo server, and a static address on a node:
/// <code>
/// container 10.88.0.n ── br0 worker 198.51.100.2 ── 198.51.100.1 internet 203.0.113.1 ── 192.0.2.1 / 192.0.2.10 node
/// </code>
/// The internet counts what comes from the worker and is not for the static address.
/// </summary>
public sealed class WorkerNetwork : IDisposable
{
    public static readonly IPAddress StaticAddress = IPAddress.Parse("192.0.2.10");
    public static readonly IPAddress WorkerAddress = IPAddress.Parse("198.51.100.2");
    public static readonly IPEndPoint Echo = IPEndPoint.Parse("203.0.113.1:7");

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _prefix = NetworkNamespace.RandomPrefix();
    private readonly List<NetworkNamespace> _containers = [];
    private readonly TcpListener _echo;

    public WorkerNetwork()
    {
        Internet = NetworkNamespace.Create($"{_prefix}-inet");
        Worker = NetworkNamespace.Create($"{_prefix}-work");
        Node = NetworkNamespace.Create($"{_prefix}-node");
        Join(Internet, "to-worker", "198.51.100.1/24", Worker, "up0", "198.51.100.2/24");
        Join(Internet, "to-node", "192.0.2.1/24", Node, "up0", "192.0.2.10/24");
        Ip(Worker, "route add default via 198.51.100.1");
        Ip(Node, "route add default via 192.0.2.1");
        Ip(Internet, "address add 203.0.113.1/32 dev lo");
        Shell(Internet, "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        Shell(Worker, "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        Ip(Worker, "link add br0 type bridge");
        Ip(Worker, "address add 10.88.0.1/16 dev br0");
        Ip(Worker, "address add fd00:88::1/64 dev br0 nodad");
        Ip(Worker, "address add fd00:51::2/64 dev up0 nodad");
        Ip(Internet, "address add fd00:51::1/64 dev to-worker nodad");
        Ip(Worker, "link set br0 up");
        Ip(Worker, "-6 route add default via fd00:51::1");
        Ip(Internet, "-6 route add fd00:88::/64 via fd00:51::2");
        // What every container runtime does for its bridge, and what a container without a static address leaves by.
        Nft(Worker, "table ip host { chain nat { type nat hook postrouting priority srcnat; oifname \"up0\" ip saddr 10.88.0.0/16 masquerade; }; }");
        Nft(Internet, """
            table inet watch { counter leaked { }; counter leaked6 { }; chain in { type filter hook prerouting priority raw; iifname "to-worker" ip saddr 198.51.100.2 ip daddr 203.0.113.1 counter name leaked; iifname "to-worker" ip6 nexthdr tcp counter name leaked6; iifname "to-worker" ip saddr 10.88.0.0/16 counter name leaked; }; }
            """);
        _echo = Internet.Run(() =>
        {
            var listener = new TcpListener(Echo);
            listener.Start();
            return listener;
        });
        _ = ServeAsync();
    }

    public NetworkNamespace Internet { get; }

    public NetworkNamespace Worker { get; }

    public NetworkNamespace Node { get; }

    /// <summary>A container as a runtime makes it: a namespace with a veth on the bridge.</summary>
    public NetworkNamespace Container(int number)
    {
        var container = NetworkNamespace.Create($"{_prefix}-c{number}");
        _containers.Add(container);
        var veth = $"c{number}";
        Ip(Worker, $"link add {veth} type veth peer name eth0 netns {container.Name}");
        Ip(Worker, $"link set {veth} master br0 up");
        Ip(container, $"address add {AddressOf(number)}/16 dev eth0");
        Ip(container, $"address add fd00:88::{number + 1:x}/64 dev eth0 nodad");
        Ip(container, "link set eth0 up");
        Ip(container, "route add default via 10.88.0.1");
        Ip(container, "-6 route add default via fd00:88::1");
        return container;
    }

    public static string AddressOf(int number) => $"10.88.0.{number + 1}";

    /// <summary>Opens a connection from inside a namespace; the echo server says the address and port it saw.</summary>
    public static async Task<string> SeenFromAsync(NetworkNamespace from, TimeSpan? patience = null)
    {
        using var client = new TcpClient { Client = from.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)) };
        using var deadline = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(10));
        await client.ConnectAsync(Echo, deadline.Token);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadLineAsync(deadline.Token) ?? "";
    }

    /// <summary>True when no connection comes about in the time given.</summary>
    public static async Task<bool> IsClosedAsync(NetworkNamespace from, TimeSpan patience)
    {
        try
        {
            await SeenFromAsync(from, patience);
            return false;
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException)
        {
            return true;
        }
    }

    /// <summary>Packets of the containers that came to the internet outside the tunnel.</summary>
    public long Leaked(string counter = "leaked") => Packets(Internet, "inet watch", counter);

    /// <summary>Packets that a counter of the worker's table has counted.</summary>
    public long Dropped(string counter) => Packets(Worker, "inet vprox_worker", counter);

    public static long Packets(NetworkNamespace where, string table, string counter)
    {
        var words = where.Execute("nft", ["list", "counter", .. table.Split(' '), counter]).Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[Array.IndexOf(words, "packets") + 1], CultureInfo.InvariantCulture);
    }

    public static string Ip(NetworkNamespace where, string arguments) => where.Execute("ip", arguments.Split(' '));

    public static string Shell(NetworkNamespace where, string command) => where.Execute("sh", "-c", command);

    public static void Nft(NetworkNamespace where, string ruleset) => where.Execute("nft", ruleset.Trim());

    public static Task UntilAsync(string what, Func<bool> condition) => UntilAsync(what, () => Task.FromResult(condition()));

    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"{what}: not within {Deadline.TotalSeconds} s");
            await Task.Delay(20);
        }
    }

    public void Dispose()
    {
        _echo.Dispose();
        foreach (var container in _containers)
            container.Dispose();
        Worker.Dispose();
        Node.Dispose();
        Internet.Dispose();
    }

    private static void Join(NetworkNamespace left, string leftName, string leftAddress, NetworkNamespace right, string rightName, string rightAddress)
    {
        Ip(left, $"link add {leftName} type veth peer name {rightName} netns {right.Name}");
        Ip(left, $"address add {leftAddress} dev {leftName}");
        Ip(right, $"address add {rightAddress} dev {rightName}");
        Ip(left, $"link set {leftName} up");
        Ip(right, $"link set {rightName} up");
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _echo.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The network is taken down.
        }
    }

    private static async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{client.Client.RemoteEndPoint}\n"));
                await stream.CopyToAsync(stream);
            }
        }
        catch (IOException)
        {
            // The client went.
        }
    }
}
