using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Vprox.Nftables.Interop;

namespace Vprox.Nftables;

/// <summary>
/// nftables by libnftables, without starting nft(8). An instance belongs to the network namespace of the thread that made it: nft_ctx_new
/// opens the netlink socket that all later commands use, so commands may come from any thread. The exception is <c>iif</c> and
/// <c>oif</c>, whose interface names libnftables looks up in the namespace of the calling thread: use <c>iifname</c> and <c>oifname</c>.
/// Safe for several threads; commands of a process run one after the other, as the kernel takes them.
/// </summary>
public sealed class Nft : IDisposable
{
    // libnftables keeps no promise about threads (libnftables(3) names none), and its parser has had process-wide state.
    private static readonly Lock OneAtATime = new();

    // It waits with select(2), which ends the whole process (glibc's __fdelt_chk) when the socket's number is 1024 or more. Some room is for those who open files meanwhile.
    private const int HighestSocket = 960;

    private readonly ContextHandle _context;

    /// <summary>Opens nftables in the calling thread's network namespace. A process that will hold a thousand files opens it before.</summary>
    /// <exception cref="NftException">libnftables.so.1 is not installed, it has no memory, or this process has too many files open.</exception>
    public Nft()
    {
        lock (OneAtATime)
        {
            _context = Open();
            if (LibNftables.BufferOutput(_context) == 0 && LibNftables.BufferError(_context) == 0)
                return;
        }
        _context.Dispose();
        throw new NftException("open nftables", "libnftables could not allocate its buffers");
    }

    /// <summary>Runs commands as one transaction: all of them take effect at one moment, or none.</summary>
    /// <param name="ruleset">Commands in nft(8)'s language, one per line. Empty text does nothing.</param>
    /// <exception cref="NftException">nft refused; the kernel is unchanged.</exception>
    /// <exception cref="ArgumentException">The text holds a NUL.</exception>
    public void Run(string ruleset) => Execute("run", ruleset, OutputFlags.None, dryRun: false);

    /// <summary>Lets parser and kernel check commands without changing anything, as <c>nft --check</c> does.</summary>
    /// <exception cref="NftException">nft would refuse.</exception>
    /// <exception cref="ArgumentException">The text holds a NUL.</exception>
    public void Check(string ruleset) => Execute("check", ruleset, OutputFlags.None, dryRun: true);

    /// <summary>Runs a list command and returns its text without counts, as <c>nft --stateless</c> prints it: good for comparing.</summary>
    /// <exception cref="NftException">nft refused, for instance because the object does not exist.</exception>
    public string Text(string command) => Execute("list", command, OutputFlags.Stateless, dryRun: false);

    /// <summary>Runs a list command and returns the elements of libnftables-json(5)'s array "nftables", without its metainfo.</summary>
    /// <exception cref="NftException">nft refused, for instance because the object does not exist.</exception>
    public IReadOnlyList<JsonObject> Json(string command)
    {
        var text = Execute("list", command, OutputFlags.Json, dryRun: false);
        // A list that finds nothing may print nothing at all.
        if (string.IsNullOrWhiteSpace(text))
            return [];
        var elements = JsonNode.Parse(text)?["nftables"]?.AsArray()
            ?? throw new NftException("list", $"libnftables answered \"{command}\" without an array \"nftables\"");
        return [.. elements.OfType<JsonObject>().Where(element => !element.ContainsKey("metainfo"))];
    }

    /// <summary>The names of a family's tables, for instance to tell whether ours is there.</summary>
    /// <param name="family">"inet", "ip" and so on.</param>
    public IReadOnlyList<string> Tables(string family) =>
        [.. Json($"list tables {NftName.Identifier(family)}").Select(element => element["table"]!["name"]!.GetValue<string>())];

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private static ContextHandle Open()
    {
        // A new file gets the lowest free number (open(2)), and so would the socket.
        using (var next = File.OpenHandle("/dev/null"))
            if (next.DangerousGetHandle() > HighestSocket)
                throw new NftException("open nftables", $"this process has {HighestSocket} files open, and libnftables takes no socket beyond number 1023");
        try
        {
            var context = LibNftables.New(flags: 0);
            return context.IsInvalid ? throw new NftException("open nftables", "nft_ctx_new returned nothing") : context;
        }
        catch (DllNotFoundException missing)
        {
            throw new NftException("open nftables", "libnftables.so.1 is missing: install the package libnftables1 (Debian, Ubuntu)", inner: missing);
        }
    }

    private string Execute(string operation, string commands, OutputFlags flags, bool dryRun)
    {
        ArgumentNullException.ThrowIfNull(commands);
        // C would stop reading there and run a part as if it were all.
        if (commands.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("nft commands cannot hold a NUL", nameof(commands));
        lock (OneAtATime)
        {
            ObjectDisposedException.ThrowIf(_context.IsClosed, this);
            LibNftables.SetOutputFlags(_context, flags);
            LibNftables.SetDryRun(_context, dryRun);
            using var file = new MemoryFile(commands);
            var refused = LibNftables.RunFile(_context, file.Path) != 0;
            // Both buffers are emptied by reading them.
            var output = Marshal.PtrToStringUTF8(LibNftables.GetOutput(_context)) ?? "";
            var error = Marshal.PtrToStringUTF8(LibNftables.GetError(_context)) ?? "";
            return refused ? throw NftException.From(operation, error.Replace(file.Path, "", StringComparison.Ordinal)) : output;
        }
    }
}
