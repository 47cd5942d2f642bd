using System.Buffers.Binary;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Tests.DataPlane.Shaping;

/// <summary>Classic BPF as the kernel runs it (net/core/filter.c), as far as our programs use it.</summary>
internal static class BpfMachine
{
    public static uint Run(BpfFilter filter, ReadOnlySpan<byte> packet)
    {
        var (a, x) = (0u, 0u);
        for (var at = 0; ; at++)
        {
            var step = filter.Program[at];
            switch (step.Code)
            {
                case 0x30: a = packet[(int)step.Value]; break;
                case 0x28: a = BinaryPrimitives.ReadUInt16BigEndian(packet[(int)step.Value..]); break;
                case 0x48: a = BinaryPrimitives.ReadUInt16BigEndian(packet[(int)(x + step.Value)..]); break;
                case 0xb1: x = 4u * (packet[(int)step.Value] & 0xfu); break;
                case 0x54: a &= step.Value; break;
                case 0x04: a += step.Value; break;
                case 0x05: at += (int)step.Value; break;
                case 0x15: at += a == step.Value ? step.Yes : step.No; break;
                case 0x35: at += a >= step.Value ? step.Yes : step.No; break;
                case 0x45: at += (a & step.Value) != 0 ? step.Yes : step.No; break;
                case 0x06: return step.Value;
                case 0x16: return a;
                default: throw new InvalidOperationException($"instruction {step} is not one of ours");
            }
        }
    }
}
