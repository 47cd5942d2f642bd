namespace Vprox.WireGuard;

/// <summary>A requested change of an interface; null leaves a property alone.</summary>
public sealed record DeviceConfig
{
    /// <summary>Private key to set.</summary>
    public WireGuardPrivateKey? PrivateKey { get; init; }

    /// <summary>UDP port to bind, 0..65535; 0 lets the backend choose one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0..65535.</exception>
    public int? ListenPort
    {
        get;
        init => field = value is null or (>= 0 and <= ushort.MaxValue) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "a UDP port is 0..65535");
    }

    /// <summary>Mark for encrypted packets; 0 takes it away.</summary>
    public uint? FirewallMark { get; init; }

    /// <summary>
    /// True removes every peer first, as WGDEVICE_F_REPLACE_PEERS does: those that <see cref="Peers"/> names begin anew, without session,
    /// endpoint or allowed IPs but the named ones. Where traffic must go on, name the differences instead.
    /// </summary>
    public bool ReplacePeers { get; init; }

    /// <summary>Peers to add, change or remove.</summary>
    public IReadOnlyList<PeerConfig> Peers { get; init; } = [];
}
