using System.Net;
using Vprox.Addressing;
using Vprox.Identity;
using Vprox.WorkerAgent.Adapters.Journal;

namespace Vprox.Cli.Connect;

/// <summary>The keys of servers seen before, like ssh's known_hosts: a line each, address, space, sha256: and the pin.</summary>
internal sealed class KnownServers(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(10);

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The pin of a server; null when it was never seen.</summary>
    /// <exception cref="InvalidDataException">The server's line holds no pin: better no connection than one that nobody meant.</exception>
    public TlsPin? Find(IPAddress server)
    {
        var line = Lines().FirstOrDefault(line => IsOf(line, server));
        if (line is null)
            return null;
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var text] && text.StartsWith("sha256:", StringComparison.Ordinal) && TlsPin.TryParse(text[7..], out var pin)
            ? pin
            : throw new InvalidDataException($"{path} holds a line for {server} that is no pin: {line}");
    }

    /// <summary>Keeps the pin of a server that was never seen.</summary>
    /// <exception cref="InvalidDataException">Another pin of it was kept meanwhile.</exception>
    /// <exception cref="IOException">Another process has held the file for 10 s.</exception>
    public async Task KeepAsync(IPAddress server, TlsPin pin, CancellationToken cancellationToken)
    {
        // Several clients begin at once when a host boots: each adds its line to what the ones before it have written.
        using var held = await HoldAsync(cancellationToken).ConfigureAwait(false);
        if (Find(server) is not { } known)
            AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(string.Concat(Lines().Append($"{server} sha256:{pin}").Select(line => line + "\n"))), toDisk: true);
        else if (!known.Equals(pin))
            throw new InvalidDataException($"{server} shows the key sha256:{pin}, and sha256:{known} to another client that connected to it at the same time; remove the line from {path} if it is wrong");
    }

    private async Task<FileStream> HoldAsync(CancellationToken cancellationToken)
    {
        // No client's lock has this name, for its interface's would be too long.
        var file = path + ".writer.lock";
        for (var waited = TimeSpan.Zero; ; waited += Rest)
        {
            try
            {
                // flock(2): the kernel lets it go when the process ends, however it ends.
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file) && waited < Patience)
            {
                await Task.Delay(Rest, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private string[] Lines() => File.Exists(path) ? File.ReadAllLines(path) : [];

    private static bool IsOf(string line, IPAddress server) =>
        Ipv4.TryParse(line.Split(' ', 2)[0], out var address) && address.Equals(server);
}
