using Vprox.WireGuard;

namespace Vprox.Cli.Server;

/// <summary>
/// Peers of one interface that somebody said are leaving, without a proof that it was they. One that left is silent from then on; one that lives
/// is heard within its keepalive of 25 s (modal-labs/vprox, lib/client.go), and stays. Whoever knows the password can only take down what is dead.
/// Pure; its caller makes one call at a time.
/// </summary>
internal sealed class Silence
{
    /// <summary>Two keepalives in a row may be lost.</summary>
    public static readonly TimeSpan Enough = TimeSpan.FromSeconds(80);

    private sealed record Heard(long Bytes, DateTimeOffset? Handshake, DateTimeOffset At);

    private readonly Dictionary<WireGuardKey, Heard?> _notes = [];

    /// <summary>True when nobody is noted.</summary>
    public bool IsEmpty => _notes.Count == 0;

    /// <summary>Notes a peer; one that is noted already is not noted anew, or asking again and again would keep it.</summary>
    public void Note(WireGuardKey key) => _notes.TryAdd(key, null);

    /// <summary>Takes what the interface shows. Whoever was heard, or is not there, is no longer noted.</summary>
    /// <returns>The peers that were silent for long enough; they are no longer noted.</returns>
    public IReadOnlyList<WireGuardKey> Observe(Device device, DateTimeOffset now)
    {
        var peers = device.Peers.ToDictionary(peer => peer.PublicKey);
        var gone = new List<WireGuardKey>();
        foreach (var (key, heard) in _notes.ToList())
        {
            if (!peers.TryGetValue(key, out var peer))
                _notes.Remove(key);
            else if (heard is null)
                _notes[key] = new Heard(peer.ReceivedBytes, peer.LastHandshake, now);
            else if (peer.ReceivedBytes != heard.Bytes || peer.LastHandshake != heard.Handshake)
                _notes.Remove(key);
            else if (now - heard.At >= Enough)
                gone.Add(key);
        }
        foreach (var key in gone)
            _notes.Remove(key);
        return gone;
    }
}
