using System.Security.Cryptography;
using Vprox.Lab.Namespaces;

namespace Vprox.WireGuard.Tests.Live;

/// <summary>A network namespace with a client in it.</summary>
public sealed class Host : IDisposable
{
    private const string Sockets = "/var/run/wireguard";

    private readonly NetworkNamespace _namespace;
    private readonly WireGuardBackend _backend;

    /// <summary>Interface names are of this host alone, because the wireguard-go daemons of all namespaces share a directory.</summary>
    private readonly string _suffix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));

    public Host(string name, WireGuardBackend backend)
    {
        _backend = backend;
        _namespace = NetworkNamespace.Create(name);
        Client = Open();
    }

    /// <summary>VPROX_WIREGUARD=kernel or userspace chooses; otherwise the kernel's where it has one.</summary>
    public static WireGuardBackend ChosenBackend { get; } =
        Enum.Parse<WireGuardBackend>(Environment.GetEnvironmentVariable("VPROX_WIREGUARD") ?? nameof(WireGuardBackend.Auto), ignoreCase: true);

    public string Name => _namespace.Name;

    public IWireGuardClient Client { get; }

    /// <summary>An interface name that no other namespace has.</summary>
    public string Interface(string prefix) => prefix + _suffix;

    /// <summary>Another client in the namespace, as a restarted agent opens it.</summary>
    public IWireGuardClient Open() => _namespace.Run(() => WireGuardClient.Open(_backend));

    public string Ip(string arguments) => _namespace.Execute("ip", arguments.Split(' '));

    /// <summary>True when an answer came.</summary>
    public bool Ping(object address)
    {
        try
        {
            _namespace.Execute("ping", "-c", "1", "-W", "1", $"{address}");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The namespace ends what still runs in it; a daemon that it killed leaves its socket.</summary>
    public void Dispose()
    {
        Client.Dispose();
        _namespace.Dispose();
        foreach (var socket in Directory.Exists(Sockets) ? Directory.GetFiles(Sockets, $"*{_suffix}.sock") : [])
            File.Delete(socket);
    }
}
