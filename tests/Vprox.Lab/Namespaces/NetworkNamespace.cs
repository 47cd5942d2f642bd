using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Vprox.Netlink;

namespace Vprox.Lab.Namespaces;

/// <summary>
/// A named network namespace as `ip netns add` makes it: a bind mount on /run/netns. Loopback is up. Disposing it ends every process
/// in it and deletes it, with all its links.
/// </summary>
public sealed partial class NetworkNamespace : IDisposable
{
    private const string Folder = "/run/netns";

    private NetworkNamespace(string name)
    {
        Name = name;
        Handle = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    }

    /// <summary>Its name, for `ip netns exec`.</summary>
    public string Name { get; }

    /// <summary>Its file, for nsenter --net=.</summary>
    public string Path => $"{Folder}/{Name}";

    /// <summary>Its open file, for moving links into it (<see cref="NamespaceReference"/>).</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>A link request's reference to this namespace.</summary>
    public NamespaceReference Reference => NamespaceReference.OfDescriptor(Handle);

    /// <summary>A name prefix that no other test on the machine has: vprox- and 8 hexadecimal digits.</summary>
    public static string RandomPrefix() => $"vprox-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    /// <summary>Makes a namespace and brings its loopback up.</summary>
    /// <exception cref="IOException">The kernel refused, or the name is taken.</exception>
    public static NetworkNamespace Create(string name)
    {
        PrepareFolder();
        var path = $"{Folder}/{name}";
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write).Dispose();
        try
        {
            NamespaceThread.Run(() =>
            {
                Interop.Unshare();
                Interop.BindMount("/proc/thread-self/ns/net", path);
                return true;
            });
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        var made = new NetworkNamespace(name);
        try
        {
            using var route = made.Run(RouteNetlink.Open);
            route.Execute(new SetLink("lo") { Up = true });
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes the folder a mount point of its own, as the first `ip netns add` of a boot does (iproute2, ip/ipnetns.c). Were it left to that, it
    /// would lay a copy of all that is mounted there over our namespaces, and none of them could be deleted any more.
    /// </summary>
    private static void PrepareFolder()
    {
        Directory.CreateDirectory(Folder);
        // proc(5): the fifth field of a line is where it is mounted.
        if (!File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ')[4] == Folder))
            Interop.BindMount(Folder, Folder);
    }

    /// <summary>Makes a namespace with a random name that ends in the given word.</summary>
    public static NetworkNamespace CreateRandom(string suffix) => Create($"{RandomPrefix()}-{suffix}");

    /// <summary>Takes a namespace that exists, e.g. one that an earlier run left behind; disposing it deletes it.</summary>
    /// <exception cref="IOException">There is none of that name, or it is the one this process runs in.</exception>
    public static NetworkNamespace Open(string name)
    {
        // Disposing ends all processes inside: of the machine's own namespace, that would be the machine.
        if (Interop.Identity($"{Folder}/{name}") == Interop.Identity("/proc/self/ns/net"))
            throw new IOException($"network namespace {name} is the one that this process runs in");
        return new NetworkNamespace(name);
    }

    /// <summary>Names of the namespaces that start with a prefix, sorted.</summary>
    public static IReadOnlyList<string> Names(string prefix) => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, $"{prefix}*").Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Runs code on a thread of its own inside the namespace. Sockets opened there stay there, whatever thread uses them.</summary>
    public T Run<T>(Func<T> code) => NamespaceThread.Run(() =>
    {
        Interop.Enter(Handle);
        return code();
    });

    /// <summary>Runs code on a thread of its own inside the namespace.</summary>
    public void Run(Action code) => Run(() =>
    {
        code();
        return true;
    });

    /// <summary>
    /// Runs asynchronous code on a thread of its own inside the namespace. Continuations come back to that thread, except after
    /// ConfigureAwait(false), which libraries use: open sockets in the code itself (e.g. in SocketsHttpHandler.ConnectCallback through
    /// <see cref="Run{T}"/>).
    /// </summary>
    public Task<T> RunAsync<T>(Func<Task<T>> code) => NamespaceThread.RunAsync(() =>
    {
        Interop.Enter(Handle);
        return code();
    });

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<Task> code) => RunAsync(async () =>
    {
        await code();
        return true;
    });

    /// <summary>Ids of the processes in the namespace, as `ip netns pids` finds them.</summary>
    public IReadOnlyList<int> ProcessIds()
    {
        if (Interop.Identity(Path) is not { } identity)
            return [];
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(System.IO.Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id != 0 && id != Environment.ProcessId && Interop.Identity($"/proc/{id}/ns/net") == identity)];
    }

    /// <summary>Ends every process in the namespace, then deletes it.</summary>
    public void Dispose()
    {
        if (Handle.IsClosed)
            return;
        EndProcesses();
        Handle.Dispose();
        // Somebody else may have deleted it, by `ip netns delete` or another run's clean-up.
        if (File.Exists(Path))
        {
            Interop.Unmount(Path);
            File.Delete(Path);
        }
    }
}
