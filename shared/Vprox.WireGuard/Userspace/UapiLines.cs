using System.Globalization;
using System.Text;

namespace Vprox.WireGuard.Userspace;

/// <summary>Walks the key=value lines of one answer up to its errno, checks that, and that the answer ends there.</summary>
internal ref struct UapiLines(ReadOnlySpan<byte> answer)
{
    private const int MostQuoted = 60;

    private ReadOnlySpan<byte> _rest = answer;

    /// <summary>The next line; false once errno=0 and the end were read.</summary>
    /// <exception cref="WireGuardException">A line without "=", errno that is missing or not 0, or something behind it.</exception>
    public bool Next(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var end = _rest.IndexOf((byte)'\n');
        if (end <= 0)
            throw new WireGuardException("the answer ends without errno");
        var line = _rest[..end];
        _rest = _rest[(end + 1)..];
        var equals = line.IndexOf((byte)'=');
        if (equals <= 0)
            throw new WireGuardException($"a line of {line.Length} characters is not key=value");
        key = line[..equals];
        value = line[(equals + 1)..];
        if (!key.SequenceEqual("errno"u8))
            return true;
        CheckError(value);
        if (!_rest.SequenceEqual("\n"u8))
            throw new WireGuardException("the answer goes on behind errno");
        return false;
    }

    /// <summary>Printable and short, for a message: the text comes from outside.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        var shown = new StringBuilder("\"");
        foreach (var b in text[..Math.Min(text.Length, MostQuoted)])
            shown.Append(b is >= 0x20 and < 0x7f ? (char)b : '?');
        return shown.Append(text.Length > MostQuoted ? "\"…" : "\"").ToString();
    }

    /// <summary>wireguard-go writes errno negative (ipc/uapi_linux.go), the protocol's page says positive: both are taken.</summary>
    private static void CheckError(ReadOnlySpan<byte> value)
    {
        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var errno) || errno == int.MinValue)
            throw new WireGuardException($"malformed errno: {Quote(value)}");
        if (errno != 0)
            throw new WireGuardException($"wireguard-go refused: {UapiErrno.Describe(Math.Abs(errno))}");
    }
}
