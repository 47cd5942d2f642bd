using System.Globalization;
using System.Text.RegularExpressions;

namespace Vprox.Nftables;

/// <summary>nft refused: nothing was changed.</summary>
public sealed partial class NftException : Exception
{
    // nft quotes the line at fault whole, and a line may hold ten thousand elements.
    private const int QuotedLength = 240;

    /// <summary>An error in nft's own words.</summary>
    /// <param name="operation">What was asked: "run", "check", "list".</param>
    /// <param name="text">nft's text, which quotes the lines at fault; very long ones are cut.</param>
    /// <param name="line">The first line at fault, counted from 1; null when nft names none.</param>
    /// <param name="inner">The cause, when it is not nft.</param>
    public NftException(string operation, string text, int? line = null, Exception? inner = null)
        : base($"nft {operation}{(line is null ? "" : $", line {line}")}: {Shortened(text)}", inner)
    {
        Text = Shortened(text);
        Line = line;
    }

    /// <summary>nft's own words.</summary>
    public string Text { get; }

    /// <summary>The first line of the commands at fault, counted from 1; null when nft names none.</summary>
    public int? Line { get; }

    // The marks (^^^) under a long line are cut with it.
    private static string Shortened(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length <= QuotedLength ? line : $"{line[..QuotedLength]} …"));

    /// <summary>From libnftables' text, the path of the file taken out.</summary>
    internal static NftException From(string operation, string text)
    {
        var position = Position().Match(text);
        return new NftException(operation, text.Trim(), position.Success ? int.Parse(position.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null);
    }

    // ":3:14-20: Error: No such file or directory"
    [GeneratedRegex(@"^:(\d+):\d+-\d+: Error", RegexOptions.Multiline)]
    private static partial Regex Position();
}
