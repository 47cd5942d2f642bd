using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Vprox.Addressing;

/// <summary>An IPv4 network in CIDR notation, always canonical: host bits are zero.</summary>
public readonly record struct Ipv4Prefix : IComparable<Ipv4Prefix>
{
    private readonly uint _network;

    private Ipv4Prefix(uint network, byte length)
    {
        _network = network;
        Length = length;
    }

    /// <summary>Prefix length in bits, 0..32.</summary>
    public byte Length { get; }

    /// <summary>The first address of the network; its host bits are zero.</summary>
    public IPAddress Network => Ipv4.FromUInt32(_network);

    /// <summary>Number of addresses, 1..2^32.</summary>
    public long Count => 1L << (32 - Length);

    private uint Mask => Length == 0 ? 0 : uint.MaxValue << (32 - Length);

    /// <summary>The prefix that holds one address.</summary>
    /// <exception cref="ArgumentException">Not an IPv4 address.</exception>
    public static Ipv4Prefix Host(IPAddress address) => new(Ipv4.ToUInt32(address), 32);

    /// <summary>Makes a prefix from any address in it.</summary>
    /// <exception cref="ArgumentException">Not IPv4, or a length outside 0..32.</exception>
    public static Ipv4Prefix Containing(IPAddress address, int length)
    {
        if (length is < 0 or > 32)
            throw new ArgumentException($"prefix length {length} is outside 0..32", nameof(length));
        var prefix = new Ipv4Prefix(0, (byte)length);
        return new(Ipv4.ToUInt32(address) & prefix.Mask, (byte)length);
    }

    /// <summary>Parses "10.0.0.0/16". Host bits that are set are refused: they are nearly always a typing error.</summary>
    /// <exception cref="FormatException">Not a canonical IPv4 prefix.</exception>
    public static Ipv4Prefix Parse(string text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"\"{text}\" is not an IPv4 prefix such as 10.0.0.0/16 (host bits must be zero)");

    /// <summary>Parses "10.0.0.0/16"; false for anything that is not canonical.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ipv4Prefix prefix)
    {
        prefix = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || !Ipv4.TryParse(text![..slash], out var address)
            || !byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > 32)
            return false;
        prefix = Containing(address, length);
        return prefix._network == Ipv4.ToUInt32(address);
    }

    /// <summary>True when the address lies in the prefix; false for IPv6.</summary>
    public bool Contains(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && (Ipv4.ToUInt32(address) & Mask) == _network;

    /// <summary>True when every address of <paramref name="other"/> lies in this prefix.</summary>
    public bool Contains(Ipv4Prefix other) => other.Length >= Length && (other._network & Mask) == _network;

    /// <summary>The address at an offset: 0 is the network address.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is outside 0..Count-1.</exception>
    public IPAddress AddressAt(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Count);
        return Ipv4.FromUInt32(_network + (uint)offset);
    }

    /// <summary>The offset of an address in the prefix, 0..Count-1.</summary>
    /// <exception cref="ArgumentException">The address is not in the prefix.</exception>
    public long OffsetOf(IPAddress address) =>
        Contains(address) ? Ipv4.ToUInt32(address) - _network : throw new ArgumentException($"{address} is not in {this}", nameof(address));

    /// <summary>The n-th subnet of a longer prefix length, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is shorter than this one or the index is past the last.</exception>
    public Ipv4Prefix Subnet(int length, int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 32);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, 1L << (length - Length));
        return new(_network + ((uint)index << (32 - length)), (byte)length);
    }

    /// <inheritdoc/>
    public int CompareTo(Ipv4Prefix other) =>
        _network != other._network ? _network.CompareTo(other._network) : Length.CompareTo(other.Length);

    /// <summary>CIDR notation, as iproute2 prints it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{Length}");

    /// <summary>Orders by network, then length.</summary>
    public static bool operator <(Ipv4Prefix left, Ipv4Prefix right) => left.CompareTo(right) < 0;

    /// <summary>Orders by network, then length.</summary>
    public static bool operator >(Ipv4Prefix left, Ipv4Prefix right) => left.CompareTo(right) > 0;

    /// <summary>Orders by network, then length.</summary>
    public static bool operator <=(Ipv4Prefix left, Ipv4Prefix right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by network, then length.</summary>
    public static bool operator >=(Ipv4Prefix left, Ipv4Prefix right) => left.CompareTo(right) >= 0;
}
