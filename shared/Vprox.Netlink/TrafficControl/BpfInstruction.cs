using System.Globalization;

namespace Vprox.Netlink;

/// <summary>An instruction of classic BPF (struct sock_filter, include/uapi/linux/filter.h).</summary>
/// <param name="Code">What it does.</param>
/// <param name="Yes">Instructions to pass over when its condition holds.</param>
/// <param name="No">Instructions to pass over when it does not.</param>
/// <param name="Value">Its constant.</param>
public readonly record struct BpfInstruction(ushort Code, byte Yes, byte No, uint Value)
{
    /// <summary>A = the byte at a fixed offset.</summary>
    public static BpfInstruction LoadByte(uint offset) => new(0x30, 0, 0, offset);

    /// <summary>A = 16 bits at a fixed offset.</summary>
    public static BpfInstruction LoadHalf(uint offset) => new(0x28, 0, 0, offset);

    /// <summary>A = 16 bits at an offset from X.</summary>
    public static BpfInstruction LoadHalfFromX(uint offset) => new(0x48, 0, 0, offset);

    /// <summary>X = the length in bytes of the IPv4 header at an offset.</summary>
    public static BpfInstruction LoadHeaderLength(uint offset) => new(0xb1, 0, 0, offset);

    /// <summary>A = A and a constant.</summary>
    public static BpfInstruction And(uint mask) => new(0x54, 0, 0, mask);

    /// <summary>A = A plus a constant.</summary>
    public static BpfInstruction Add(uint value) => new(0x04, 0, 0, value);

    /// <summary>Passes over instructions.</summary>
    public static BpfInstruction Jump(uint over) => new(0x05, 0, 0, over);

    /// <summary>Compares A for equality.</summary>
    public static BpfInstruction IfEqual(uint value, byte yes, byte no) => new(0x15, yes, no, value);

    /// <summary>Compares A, unsigned: not below the constant.</summary>
    public static BpfInstruction IfNotBelow(uint value, byte yes, byte no) => new(0x35, yes, no, value);

    /// <summary>Tests bits of A.</summary>
    public static BpfInstruction IfAnyOf(uint mask, byte yes, byte no) => new(0x45, yes, no, mask);

    /// <summary>Ends with a constant.</summary>
    public static BpfInstruction Return(uint value) => new(0x06, 0, 0, value);

    /// <summary>Ends with A.</summary>
    public static BpfInstruction ReturnA { get; } = new(0x16, 0, 0, 0);

    /// <summary>As tc's bytecode has it: code, yes, no, value.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {Yes} {No} {Value}");
}
