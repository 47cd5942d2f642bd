using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Vprox.Addressing;

/// <summary>An inclusive range of TCP or UDP ports, written "1024-1279" as nft writes it.</summary>
public readonly record struct PortRange
{
    /// <summary>Makes a range.</summary>
    /// <exception cref="ArgumentException">Port 0, or a last port below the first.</exception>
    public PortRange(int first, int last)
    {
        if (first is < 1 or > 65535 || last is < 1 or > 65535 || last < first)
            throw new ArgumentException($"{first}-{last} is not a port range within 1..65535");
        First = (ushort)first;
        Last = (ushort)last;
    }

    /// <summary>The lowest port, 1..65535.</summary>
    public ushort First { get; }

    /// <summary>The highest port, not below <see cref="First"/>.</summary>
    public ushort Last { get; }

    /// <summary>Number of ports, at least 1.</summary>
    public int Count => Last - First + 1;

    /// <summary>True when the port lies in the range.</summary>
    public bool Contains(int port) => port >= First && port <= Last;

    /// <summary>Parses "1024-1279".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PortRange range)
    {
        range = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash < 0
            || !ushort.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !ushort.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || first == 0 || last < first)
            return false;
        range = new PortRange(first, last);
        return true;
    }

    /// <summary>nft's notation: "1024-1279".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
