using System.Globalization;
using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>What a queueing discipline is asked to be. Printed, it is what tc takes after the handle.</summary>
/// <param name="Kind">The kernel's name, e.g. htb.</param>
public abstract record QdiscSpec(string Kind)
{
    /// <summary>The kind and its options in tc's words.</summary>
    public sealed override string ToString() => Options is "" ? Kind : $"{Kind} {Options}";

    private protected virtual string Options => "";

    /// <summary>Writes the content of TCA_OPTIONS; false when the kind has none.</summary>
    internal virtual void WriteOptions(NetlinkWriter writer) { }

    /// <summary>Reads what a dump says.</summary>
    internal static QdiscSpec Read(string kind, ReadOnlySpan<byte> options) => kind switch
    {
        HtbQdisc.KindName when HtbQdisc.Read(options) is { } htb => htb,
        FqCodelQdisc.KindName => FqCodelQdisc.Read(options),
        FifoQdisc.KindName when options.Length >= sizeof(uint) => new FifoQdisc(MemoryMarshal.Read<uint>(options)),
        SfqQdisc.KindName => new SfqQdisc(),
        IngressQdisc.KindName => new IngressQdisc(),
        _ => new OtherQdisc(kind),
    };

    private protected static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A kind that is only ever observed here.</summary>
public sealed record OtherQdisc(string Kind) : QdiscSpec(Kind);

/// <summary>Hierarchical token bucket (tc-htb(8)).</summary>
/// <param name="DefaultClass">Minor number of the class for what nothing classifies; 0 lets it pass unshaped.</param>
public sealed record HtbQdisc(ushort DefaultClass) : QdiscSpec(KindName)
{
    internal const string KindName = "htb";

    // HTB_VER >> 16 and the default of r2q; every class says its quantum itself.
    private const uint Version = 3;
    private const uint RateToQuantum = 10;

    private protected override string Options => string.Create(CultureInfo.InvariantCulture, $"default {DefaultClass:x}");

    internal override void WriteOptions(NetlinkWriter writer) =>
        writer.Bytes(TrafficAttribute.TCA_HTB_INIT, MemoryMarshal.AsBytes<uint>([Version, RateToQuantum, DefaultClass, 0, 0]));

    internal static HtbQdisc? Read(ReadOnlySpan<byte> options)
    {
        foreach (var attribute in new NetlinkReader(options))
        {
            if (attribute.Type == TrafficAttribute.TCA_HTB_INIT && attribute.Payload.Length >= 12)
                return new HtbQdisc((ushort)MemoryMarshal.Read<uint>(attribute.Payload[8..]));
        }
        return null;
    }
}

/// <summary>Fair queueing with controlled delay (tc-fq_codel(8)): a filter's class is the flow's queue, 1 and up; without filters it hashes.</summary>
/// <param name="Flows">Number of queues, 1..65536; the kernel cannot change it later.</param>
/// <param name="Quantum">Bytes a queue sends in its turn.</param>
public sealed record FqCodelQdisc(uint Flows, uint Quantum) : QdiscSpec(KindName)
{
    internal const string KindName = "fq_codel";

    private protected override string Options => $"flows {Number(Flows)} quantum {Number(Quantum)}";

    internal override void WriteOptions(NetlinkWriter writer)
    {
        writer.U32(TrafficAttribute.TCA_FQ_CODEL_FLOWS, Flows);
        writer.U32(TrafficAttribute.TCA_FQ_CODEL_QUANTUM, Quantum);
    }

    internal static FqCodelQdisc Read(ReadOnlySpan<byte> options)
    {
        var read = new FqCodelQdisc(0, 0);
        foreach (var attribute in new NetlinkReader(options))
        {
            read = attribute.Type switch
            {
                TrafficAttribute.TCA_FQ_CODEL_FLOWS => read with { Flows = attribute.U32() },
                TrafficAttribute.TCA_FQ_CODEL_QUANTUM => read with { Quantum = attribute.U32() },
                _ => read,
            };
        }
        return read;
    }
}

/// <summary>Stochastic fairness queueing (tc-sfq(8)) with its defaults: 1024 queues of 127 packets in all, of which filters name one, 1 and up.</summary>
public sealed record SfqQdisc() : QdiscSpec(KindName)
{
    internal const string KindName = "sfq";
}

/// <summary>First in, first out, drops what comes when it is full (tc-bfifo(8)).</summary>
/// <param name="LimitBytes">Bytes it holds.</param>
public sealed record FifoQdisc(uint LimitBytes) : QdiscSpec(KindName)
{
    internal const string KindName = "bfifo";

    private protected override string Options => $"limit {Number(LimitBytes)}";
}

/// <summary>Holds the filters on what a link receives; queues nothing.</summary>
public sealed record IngressQdisc() : QdiscSpec(KindName)
{
    internal const string KindName = "ingress";
}
