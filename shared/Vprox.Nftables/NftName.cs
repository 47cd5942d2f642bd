using System.Text.RegularExpressions;

namespace Vprox.Nftables;

/// <summary>Names inside nft's language. Whatever comes from outside goes through here, so that it cannot become a command.</summary>
public static partial class NftName
{
    /// <summary>The name of a table, chain, map or counter as it stands in a command.</summary>
    /// <returns>The same name.</returns>
    /// <exception cref="ArgumentException">
    /// Not a letter or underscore followed by letters, digits and underscores, or over 64 characters. The language takes more, but not
    /// everywhere; its reserved words are left to nft to refuse.
    /// </exception>
    public static string Identifier(string name) => IdentifierPattern().IsMatch(name)
        ? name
        : throw new ArgumentException($"\"{name}\" is not an nft identifier: a letter, then letters, digits and underscores, at most 64", nameof(name));

    /// <summary>An interface's name in quotes, for iifname and oifname.</summary>
    /// <exception cref="ArgumentException">
    /// Not 1 to 15 characters (IFNAMSIZ), or with a character that dev_valid_name (net/core/dev.c) or nft's strings do not take. A
    /// trailing asterisk is refused too: nft reads it as a wildcard.
    /// </exception>
    public static string Interface(string name) => InterfacePattern().IsMatch(name) && name is not ("." or "..")
        ? $"\"{name}\""
        : throw new ArgumentException($"\"{name}\" is not an interface name of 1 to 15 plain characters", nameof(name));

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,63}\z")]
    private static partial Regex IdentifierPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_.@+=-]{1,15}\z")]
    private static partial Regex InterfacePattern();
}
