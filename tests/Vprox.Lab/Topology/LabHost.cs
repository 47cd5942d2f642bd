using System.Diagnostics;
using System.Net.Http;
using System.Net.Sockets;
using Vprox.Lab.Namespaces;
using Vprox.Lab.Topology.Processes;
using Vprox.Netlink;
using Vprox.Nftables;

namespace Vprox.Lab.Topology;

/// <summary>A machine of the lab: a network namespace, a directory, a /run of its own, and the processes that run on it.</summary>
public partial class LabHost : IDisposable
{
    private readonly Lazy<RouteNetlink> _route;
    private readonly Lazy<Nft> _nft;
    private readonly Lazy<HttpClient> _http;
    private readonly Dictionary<string, LabProcess> _processes = new(StringComparer.Ordinal);

    internal LabHost(string labName, string name, string labDirectory)
    {
        Name = name;
        Directory = Path.Combine(labDirectory, name);
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, "run"));
        Namespace = NetworkNamespace.Create($"{labName}-{name}");
        _route = new(() => Namespace.Run(RouteNetlink.Open));
        _nft = new(() => Namespace.Run(() => new Nft()));
        _http = new(MakeHttp);
    }

    /// <summary>E.g. node1; the namespace is called vprox-…-node1.</summary>
    public string Name { get; }

    /// <summary>Logs, state directories and the host's /run.</summary>
    public string Directory { get; }

    public NetworkNamespace Namespace { get; }

    /// <summary>rtnetlink of this host.</summary>
    public RouteNetlink Route => _route.Value;

    /// <summary>nftables of this host.</summary>
    public Nft Nft => _nft.Value;

    /// <summary>HTTP from this host; a new connection each time, so that every request shows the path as it is now.</summary>
    public HttpClient Http => _http.Value;

    /// <summary>The processes started on it, by name.</summary>
    public IReadOnlyDictionary<string, LabProcess> Processes => _processes;

    /// <summary>Opens a TCP socket on this host; it stays there, whoever uses it.</summary>
    public Socket OpenTcp() => Namespace.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });

    /// <summary>Opens a UDP socket on this host.</summary>
    public Socket OpenUdp() => Namespace.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));

    /// <summary>Runs a program on this host to its end; a failure throws with what it said.</summary>
    public Task<string> ExecuteAsync(string program, params string[] arguments) => Task.Run(() => Namespace.Execute(program, arguments));

    /// <summary>Starts a program on this host. Its output goes to DIRECTORY/NAME.log, also over restarts.</summary>
    public LabProcess Start(ProcessSpec spec)
    {
        var process = new LabProcess(this, spec);
        process.Start();
        _processes[spec.Name] = process;
        return process;
    }

    internal void Sysctl(params IReadOnlyList<string> settings) => Namespace.Run(() =>
    {
        foreach (var setting in settings)
        {
            var (key, value) = (setting.Split('=')[0], setting.Split('=')[1]);
            File.WriteAllText($"/proc/sys/net/{key}", value);
        }
    });

    /// <summary>Ends every process on the host at once, as a power cut does.</summary>
    internal void KillProcesses()
    {
        foreach (var process in _processes.Values)
            process.Kill9();
        // What they started in turn, such as wireguard-go.
        foreach (var id in Namespace.ProcessIds())
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It ended by itself meanwhile.
            }
        }
    }

    /// <summary>Ends its processes and deletes the namespace.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        if (_http.IsValueCreated)
            _http.Value.Dispose();
        if (_route.IsValueCreated)
            _route.Value.Dispose();
        if (_nft.IsValueCreated)
            _nft.Value.Dispose();
        Namespace.Dispose();
        foreach (var process in _processes.Values)
            process.Dispose();
    }

    private HttpClient MakeHttp() => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = async (context, cancel) =>
        {
            var socket = OpenTcp();
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    { Timeout = TimeSpan.FromSeconds(30) };
}
