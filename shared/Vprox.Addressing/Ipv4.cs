using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Vprox.Addressing;

/// <summary>Strict IPv4 text and numbers. <see cref="IPAddress.Parse(string)"/> takes "10.1" and "0x7f.1"; hostile input must not.</summary>
public static class Ipv4
{
    /// <summary>Parses four decimal octets without leading zeros; anything else is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = IPAddress.TryParse(text, out var parsed)
            && parsed.AddressFamily == AddressFamily.InterNetwork
            && parsed.ToString() == text ? parsed : null;
        return address is not null;
    }

    /// <summary>Parses four decimal octets.</summary>
    /// <exception cref="FormatException">Not an IPv4 address.</exception>
    public static IPAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"\"{text}\" is not an IPv4 address");

    /// <summary>The address as a number in host order, so that neighbours differ by one.</summary>
    /// <exception cref="ArgumentException">Not an IPv4 address.</exception>
    public static uint ToUInt32(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[4];
        return address.AddressFamily == AddressFamily.InterNetwork && address.TryWriteBytes(octets, out _)
            ? BinaryPrimitives.ReadUInt32BigEndian(octets)
            : throw new ArgumentException($"{address} is not an IPv4 address", nameof(address));
    }

    /// <summary>The address of a number in host order.</summary>
    public static IPAddress FromUInt32(uint value)
    {
        Span<byte> octets = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return new IPAddress(octets);
    }
}
