using System.Globalization;
using System.Text.RegularExpressions;

namespace Vprox.Nftables;

/// <summary>nft refused: nothing was changed.</summary>
public sealed partial class NftException : Exception
{
    /// <summary>An error in nft's own words.</summary>
    /// <param name="operation">What was asked: "run", "check", "list".</param>
    /// <param name="text">nft's text, which quotes the line at fault.</param>
    /// <param name="inner">The cause, when it is not nft.</param>
    public NftException(string operation, string text, Exception? inner = null)
        : base($"nft {operation}: {text}", inner)
    {
        Text = text;
        var position = Position().Match(text);
        Line = position.Success ? int.Parse(position.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>nft's own words.</summary>
    public string Text { get; }

    /// <summary>The line of the commands at fault, counted from 1; null when nft names none.</summary>
    public int? Line { get; }

    // "<cmdline>:3:14-20: Error: No such file or directory"
    [GeneratedRegex(@":(\d+):\d+-\d+: Error")]
    private static partial Regex Position();
}
