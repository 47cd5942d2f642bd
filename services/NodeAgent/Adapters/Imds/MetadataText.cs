using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Vprox.Addressing;

namespace Vprox.NodeAgent.Adapters.Imds;

/// <summary>Strict readings of IMDS's plain texts. What is malformed makes the whole reading unusable, rather than shorter.</summary>
internal static partial class MetadataText
{
    /// <summary>The MAC addresses of network/interfaces/macs/, each line "0e:49:61:0f:c3:11/".</summary>
    public static IReadOnlyList<string> MacAddresses(string text) =>
        [.. Lines(text).Select(line => MacLine().IsMatch(line) ? line.TrimEnd('/') : throw Malformed("network/interfaces/macs/", line))];

    /// <summary>A list of IPv4 addresses, one a line; null (absent) and empty are an empty list.</summary>
    public static IReadOnlyList<IPAddress> Addresses(string path, string? text) =>
        [.. Lines(text ?? "").Select(line => Address(path, line))];

    /// <summary>One IPv4 address.</summary>
    public static IPAddress Address(string path, string line) => Ipv4.TryParse(line, out var address) ? address : throw Malformed(path, line);

    /// <summary>An IPv4 prefix.</summary>
    public static Ipv4Prefix Prefix(string path, string text) => Ipv4Prefix.TryParse(text.Trim(), out var prefix) ? prefix : throw Malformed(path, text);

    /// <summary>A device number.</summary>
    public static int DeviceNumber(string path, string text) =>
        byte.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Malformed(path, text);

    /// <summary>An EC2 id or region name.</summary>
    public static string Name(string path, string text) => NameForm().IsMatch(text.Trim()) ? text.Trim() : throw Malformed(path, text);

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);

    private static ImdsUnavailableException Malformed(string path, string text) =>
        new($"IMDS answered \"{(text.Length > 40 ? text[..40] + "…" : text)}\" in {path}, which is malformed");

    [GeneratedRegex("^([0-9a-f]{2}:){5}[0-9a-f]{2}/?$")]
    private static partial Regex MacLine();

    [GeneratedRegex("^[A-Za-z0-9-]{1,64}$")]
    private static partial Regex NameForm();
}
