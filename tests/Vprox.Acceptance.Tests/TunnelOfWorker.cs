using System.Net;
using System.Text.Json;
using Vprox.Addressing;
using Vprox.Identity;
using Vprox.Lab.Topology;
using Vprox.WireGuard;

namespace Vprox.Acceptance.Tests;

/// <summary>A tunnel as its worker wrote it down: what only worker and node know.</summary>
internal sealed record TunnelOfWorker
{
    /// <summary>The grant.</summary>
    public required string Token { get; init; }

    /// <summary>What the node's certificate must show.</summary>
    public required TlsPin TlsPin { get; init; }

    /// <summary>The tunnel's own key.</summary>
    public required WireGuardKey PublicKey { get; init; }

    /// <summary>Its inner addresses.</summary>
    public required IReadOnlyList<IPAddress> InnerAddresses { get; init; }

    /// <summary>Its port blocks.</summary>
    public required IReadOnlyList<PortRange> Blocks { get; init; }

    /// <summary>The node's inner address.</summary>
    public required IPAddress Gateway { get; init; }

    /// <summary>The static address's WireGuard port.</summary>
    public required int Port { get; init; }

    /// <summary>The tunnel that a worker has to a static address.</summary>
    public static async Task<TunnelOfWorker> ReadAsync(LabWorker worker, IPAddress address)
    {
        var journal = JsonSerializer.Deserialize<Journal>(await File.ReadAllTextAsync(Path.Combine(worker.Directory, "state", "journal.json")))!;
        var entry = journal.Tunnels.Single(each => each.Grant?.Address == address.ToString());
        return new TunnelOfWorker
        {
            Token = entry.Grant!.Token,
            TlsPin = TlsPin.TryParse(entry.Grant.TlsPin, out var pin) ? pin : throw new FormatException(entry.Grant.TlsPin),
            PublicKey = new WireGuardPrivateKey(entry.PrivateKey).PublicKey(),
            InnerAddresses = [.. entry.Connection!.InnerAddresses.Select(IPAddress.Parse)],
            Blocks = [.. entry.Connection.Blocks.Select(text => PortRange.TryParse(text, out var block) ? block : throw new FormatException(text))],
            Gateway = IPAddress.Parse(entry.Connection.Gateway),
            Port = entry.Connection.Port,
        };
    }

    private sealed record Journal(IReadOnlyList<Entry> Tunnels);

    private sealed record Entry(byte[] PrivateKey, GrantEntry? Grant, ConnectionEntry? Connection);

    private sealed record GrantEntry(string Token, string Address, string TlsPin);

    private sealed record ConnectionEntry(int Port, IReadOnlyList<string> InnerAddresses, IReadOnlyList<string> Blocks, string Gateway);
}
