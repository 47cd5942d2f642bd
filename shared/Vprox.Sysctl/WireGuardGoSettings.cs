namespace Vprox.Sysctl;

/// <summary>What a host needs whose WireGuard is wireguard-go: a process for each interface, which all packets go through.</summary>
public static class WireGuardGoSettings
{
    // It asks for 7 MiB (conn/controlfns.go).
    private const long SocketBuffer = 7 << 20;

    // A node has 240 addresses at most, and a worker a tunnel for each address that its containers use; other programs of their user want some too.
    private const long InotifyInstances = 1024;

    /// <summary>The settings; all are the whole machine's.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new Setting.AtLeast("fs/inotify/max_user_instances", InotifyInstances, "each wireguard-go watches its socket with one (ipc/uapi_linux.go): the default lets 128 be"),
        new Setting.AtLeast("net/core/rmem_max", SocketBuffer, "wireguard-go loses bursts of packets with less"),
        new Setting.AtLeast("net/core/wmem_max", SocketBuffer, "wireguard-go loses bursts of packets with less"),
    ];
}
