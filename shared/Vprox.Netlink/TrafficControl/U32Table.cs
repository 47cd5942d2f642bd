using System.Globalization;

namespace Vprox.Netlink;

/// <summary>A hash table of u32 filters (tc-u32(8)); its handle is "1:".</summary>
/// <param name="Divisor">Number of buckets, a power of two up to 256.</param>
public sealed record U32Table(uint Divisor) : FilterSpec(U32Key.KindName)
{
    private protected override string Options => string.Create(CultureInfo.InvariantCulture, $"divisor {Divisor}");

    internal override void WriteOptions(NetlinkWriter writer) => writer.U32(TrafficAttribute.TCA_U32_DIVISOR, Divisor);
}
