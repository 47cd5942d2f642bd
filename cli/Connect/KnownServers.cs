using System.Net;
using Vprox.Addressing;
using Vprox.Identity;
using Vprox.WorkerAgent.Adapters.Journal;

namespace Vprox.Cli.Connect;

/// <summary>The keys of servers seen before, like ssh's known_hosts: a line each, address, space, sha256: and the pin.</summary>
internal sealed class KnownServers(string path)
{
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

    /// <summary>Keeps the pin of a server in place of what was known.</summary>
    public void Keep(IPAddress server, TlsPin pin) =>
        AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(string.Concat(
            Lines().Where(line => !IsOf(line, server)).Append($"{server} sha256:{pin}").Select(line => line + "\n"))), toDisk: true);

    private string[] Lines() => File.Exists(path) ? File.ReadAllLines(path) : [];

    private static bool IsOf(string line, IPAddress server) =>
        Ipv4.TryParse(line.Split(' ', 2)[0], out var address) && address.Equals(server);
}
