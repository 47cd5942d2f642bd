using System.Globalization;

namespace Vprox.Sysctl;

/// <summary>What a kernel setting has to be. What an operator has set better stays.</summary>
/// <param name="Path">Below /proc/sys, e.g. net/ipv4/ip_forward.</param>
/// <param name="Why">What goes wrong otherwise, as the end of a sentence; for logs.</param>
public abstract record Setting(string Path, string Why)
{
    /// <summary>As sysctl(8) names it; a dot within a link's name would be a slash there.</summary>
    public string Name => string.Join('.', Path.Split('/').Select(part => part.Replace('.', '/')));

    /// <summary>The value to write, or null when the present one will do.</summary>
    /// <param name="present">As it was read, whatever it is.</param>
    public abstract string? Better(string present);

    /// <summary>One value and no other.</summary>
    public sealed record Exactly(string Path, string Value, string Why) : Setting(Path, Why)
    {
        /// <inheritdoc/>
        public override string? Better(string present) => present == Value ? null : Value;
    }

    /// <summary>A number that may be larger.</summary>
    public sealed record AtLeast(string Path, long Value, string Why) : Setting(Path, Why)
    {
        /// <inheritdoc/>
        public override string? Better(string present) =>
            long.TryParse(present, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= Value
                ? null
                : Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Two numbers, a first and a last, between which one must lie, e.g. ping_group_range. A last before the first is an empty range.</summary>
    public sealed record Includes(string Path, long Value, string Why) : Setting(Path, Why)
    {
        /// <inheritdoc/>
        public override string? Better(string present)
        {
            var (first, last) = Range(present) is { } range && range.First <= range.Last ? range : (Value, Value);
            return Range(present) == (first, last) && first <= Value && Value <= last
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(first, Value)}\t{Math.Max(last, Value)}");
        }

        private static (long First, long Last)? Range(string text)
        {
            var parts = text.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            return parts.Length == 2
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                    ? (first, last)
                    : null;
        }
    }

    /// <summary>A list of ports and ranges of them in which some must be, e.g. ip_local_reserved_ports ("8080,49152-65535").</summary>
    public sealed record Reserves(string Path, int First, int Last, string Why) : Setting(Path, Why)
    {
        /// <inheritdoc/>
        public override string? Better(string present)
        {
            var ranges = present.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Range).ToList();
            // The kernel merges what overlaps and adjoins, so one range holds them all when they are all there.
            if (ranges.Any(range => range is { } held && held.First <= First && Last <= held.Last))
                return null;
            var ours = string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
            return ranges.Count == 0 || ranges.Contains(null) ? ours : $"{present},{ours}";
        }

        private static (int First, int Last)? Range(string text)
        {
            var ends = text.Split('-');
            return ends.Length <= 2
                && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                    ? (first, last)
                    : null;
        }
    }
}
