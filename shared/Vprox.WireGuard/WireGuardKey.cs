using System.Diagnostics.CodeAnalysis;

namespace Vprox.WireGuard;

/// <summary>A WireGuard public or preshared key: 32 bytes, written in base64 (44 characters) as wg(8) does.</summary>
public readonly struct WireGuardKey : IEquatable<WireGuardKey>, IComparable<WireGuardKey>
{
    /// <summary>Bytes in a key.</summary>
    public const int Size = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>Takes the bytes of a key.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public WireGuardKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"a WireGuard key has {Size} bytes, not {bytes.Length}", nameof(bytes));
        _a = BitConverter.ToUInt64(bytes);
        _b = BitConverter.ToUInt64(bytes[8..]);
        _c = BitConverter.ToUInt64(bytes[16..]);
        _d = BitConverter.ToUInt64(bytes[24..]);
    }

    /// <summary>True for the all-zero key, which no peer can have.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>Parses base64 of exactly 32 bytes; the zero key is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out WireGuardKey key)
    {
        key = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: 44 } || !Convert.TryFromBase64String(text, bytes, out var written) || written != Size)
            return false;
        key = new WireGuardKey(bytes);
        return !key.IsZero && key.ToString() == text;
    }

    /// <summary>Parses base64 of exactly 32 bytes.</summary>
    /// <exception cref="FormatException">Anything else, and the zero key.</exception>
    public static WireGuardKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException("not a WireGuard key: 32 bytes in base64 (44 characters), not all zero");

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BitConverter.TryWriteBytes(destination, _a);
        BitConverter.TryWriteBytes(destination[8..], _b);
        BitConverter.TryWriteBytes(destination[16..], _c);
        BitConverter.TryWriteBytes(destination[24..], _d);
    }

    /// <summary>A copy of the 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(WireGuardKey other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WireGuardKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b);

    /// <summary>Orders by bytes, the first one first.</summary>
    public int CompareTo(WireGuardKey other)
    {
        Span<byte> mine = stackalloc byte[Size], theirs = stackalloc byte[Size];
        CopyTo(mine);
        other.CopyTo(theirs);
        return mine.SequenceCompareTo(theirs);
    }

    /// <summary>Base64, as wg(8) prints it.</summary>
    public override string ToString() => Convert.ToBase64String(ToArray());

    /// <summary>Same bytes.</summary>
    public static bool operator ==(WireGuardKey left, WireGuardKey right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(WireGuardKey left, WireGuardKey right) => !left.Equals(right);

    /// <summary>Orders by bytes.</summary>
    public static bool operator <(WireGuardKey left, WireGuardKey right) => left.CompareTo(right) < 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >(WireGuardKey left, WireGuardKey right) => left.CompareTo(right) > 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator <=(WireGuardKey left, WireGuardKey right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >=(WireGuardKey left, WireGuardKey right) => left.CompareTo(right) >= 0;
}
