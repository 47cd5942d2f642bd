using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Vprox.Netlink;

/// <summary>A comparison of 32 bits of a packet (struct tc_u32_key).</summary>
/// <param name="Value">What they shall be, in network order read as a number.</param>
/// <param name="Mask">Which of them count.</param>
/// <param name="Offset">Where they lie, in bytes from the network header on, a multiple of 4.</param>
public readonly record struct U32Match(uint Value, uint Mask, int Offset)
{
    private const int Protocol = 8;
    private const int Fragment = 4;
    private const int Destination = 16;
    private const int Ports = 20;

    /// <summary>Matches everything.</summary>
    public static U32Match Anything { get; } = new(0, 0, 0);

    /// <summary>A destination address.</summary>
    public static U32Match To(IPAddress address) => new(BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()), uint.MaxValue, Destination);

    /// <summary>A protocol number, e.g. 17 for UDP.</summary>
    public static U32Match OfProtocol(byte number) => new((uint)number << 16, 0x00ff_0000, Protocol);

    /// <summary>Not a later fragment: the ports are there.</summary>
    public static U32Match HasPorts { get; } = new(0, 0x1fff, Fragment);

    /// <summary>A destination port under a mask, in a packet without IP options.</summary>
    public static U32Match ToPort(ushort port, ushort mask = ushort.MaxValue) => new(port, mask, Ports);

    /// <summary>As tc takes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"match u32 0x{Value:x8} 0x{Mask:x8} at {Offset}");
}
