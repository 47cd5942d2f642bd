using System.Globalization;
using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>
/// A classic BPF program as a filter (tc-bpf(8)): what it returns is the class. 0 matches nothing, which makes a queueing qdisc drop; 0xffffffff
/// means the filter's own class, which is not set here. Offsets count from the link-layer header on.
/// </summary>
/// <param name="Program">1..4096 instructions.</param>
public sealed record BpfFilter(EquatableList<BpfInstruction> Program) : FilterSpec(KindName)
{
    internal const string KindName = "bpf";

    private protected override string Options =>
        string.Create(CultureInfo.InvariantCulture, $"bytecode \"{Program.Count},{string.Join(',', Program)}\"");

    internal override void WriteOptions(NetlinkWriter writer)
    {
        writer.U16(TrafficAttribute.TCA_BPF_OPS_LEN, (ushort)Program.Count);
        writer.Bytes(TrafficAttribute.TCA_BPF_OPS, MemoryMarshal.AsBytes(Program.Span));
    }

    internal static BpfFilter? Read(ReadOnlySpan<byte> options)
    {
        foreach (var attribute in new NetlinkReader(options))
        {
            if (attribute.Type == TrafficAttribute.TCA_BPF_OPS)
                return new BpfFilter(EquatableList.Of(MemoryMarshal.Cast<byte, BpfInstruction>(attribute.Payload)));
        }
        return null;
    }
}
