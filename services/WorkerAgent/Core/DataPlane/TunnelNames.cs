using System.Globalization;

namespace Vprox.WorkerAgent.Core;

/// <summary>
/// What a tunnel's slot number names in the kernel. A slot is one number for both the interface and the routing table, so that
/// <c>ip route show table 22016</c> and <c>vw0</c> are found from each other by arithmetic.
/// </summary>
public static class TunnelNames
{
    /// <summary>rtnetlink protocol of every route and rule of ours ('V'); the rest of the kernel is not ours.</summary>
    public const byte Protocol = 86;

    /// <summary>Table of slot 0. The range lies above 255, where distributions number theirs, and below the hashes that systemd-networkd and CNIs use.</summary>
    public const uint FirstTable = 0x5600;

    /// <summary>Slots there are: 0x5600..0x65ff. A worker has one per static address in use.</summary>
    public const int SlotCount = 0x1000;

    /// <summary>Priority of the container rules: after "local" (0), before "main" (32766).</summary>
    public const uint RulePriority = 5600;

    /// <summary>The kill switch inside a table: worse than any other metric, so it acts only when the tunnel's own default is gone.</summary>
    public const uint UnreachableMetric = uint.MaxValue - 1;

    /// <summary>What the interfaces' names begin with.</summary>
    public const string InterfacePrefix = "vw";

    /// <summary>The interface of a slot, e.g. vw0.</summary>
    public static string Interface(int slot) => string.Create(CultureInfo.InvariantCulture, $"{InterfacePrefix}{slot}");

    /// <summary>The routing table of a slot.</summary>
    public static uint Table(int slot) => FirstTable + (uint)slot;

    /// <summary>The slot of an interface name; null when the name is not one of ours.</summary>
    public static int? SlotOf(string name) =>
        name.StartsWith(InterfacePrefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(InterfacePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
        && slot < SlotCount && Interface(slot) == name ? slot : null;

    /// <summary>The slot of a routing table; null when the table is outside our range.</summary>
    public static int? SlotOf(uint table) => table is >= FirstTable and < FirstTable + SlotCount ? (int)(table - FirstTable) : null;

    /// <summary>The lowest slot that is neither used by us nor taken by somebody else; null when all are.</summary>
    public static int? FirstFree(IReadOnlySet<int> used, IReadOnlySet<int> taken)
    {
        for (var slot = 0; slot < SlotCount; slot++)
        {
            if (!used.Contains(slot) && !taken.Contains(slot))
                return slot;
        }
        return null;
    }
}
