using System.Diagnostics.CodeAnalysis;
using System.Net;
using Vprox.Addressing;
using Vprox.Identity;
using Vprox.Nftables;
using Vprox.WireGuard;

namespace Vprox.Cli.Connect;

/// <summary>A client's options, checked.</summary>
internal sealed record ConnectOptions
{
    private const string PinPrefix = "sha256:";

    /// <summary>The options as they were typed.</summary>
    public sealed record Typed
    {
        public string Server { get; init; } = "";

        public string Interface { get; init; } = "vprox0";

        public string? Pin { get; init; }

        public int PortBlocks { get; init; } = 4;

        public bool Keep { get; init; }

        public string StateDirectory { get; init; } = "/var/lib/vprox";

        public WireGuardBackend WireGuard { get; init; }

        public int Port { get; init; } = 443;

        public string? Password { get; init; }
    }

    /// <summary>The server's public address.</summary>
    public required IPAddress Server { get; init; }

    /// <summary>Its HTTPS port.</summary>
    public required int Port { get; init; }

    /// <summary>Name of the interface to make.</summary>
    public required string Interface { get; init; }

    /// <summary>The only key to take from the server; null to take the first one seen, and none but it from then on.</summary>
    public required TlsPin? Pin { get; init; }

    /// <summary>Port blocks to ask for; 0 for none.</summary>
    public required int PortBlocks { get; init; }

    /// <summary>True to leave the tunnel up at the end.</summary>
    public required bool Keep { get; init; }

    /// <summary>The folder of all commands.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Which WireGuard.</summary>
    public required WireGuardBackend WireGuard { get; init; }

    /// <summary>What the server wants to hear. Secret.</summary>
    public required string Password { get; init; }

    /// <summary>The server's URL, without path.</summary>
    public Uri Url => new UriBuilder("https", Server.ToString(), Port).Uri;

    /// <summary>Checks what was typed; false with all that is wrong, a sentence each.</summary>
    public static bool TryParse(Typed typed, [NotNullWhen(true)] out ConnectOptions? options, out IReadOnlyList<string> errors)
    {
        var wrong = new List<string>();
        if (!Ipv4.TryParse(typed.Server, out var server))
            wrong.Add($"\"{typed.Server}\" is not an IPv4 address");
        if (!IsInterface(typed.Interface))
            wrong.Add($"--interface: \"{typed.Interface}\" is not an interface name of 1 to 15 letters, digits and ._=-");
        TlsPin? pin = null;
        if (typed.Pin is not null && !(typed.Pin.StartsWith(PinPrefix, StringComparison.Ordinal) && TlsPin.TryParse(typed.Pin[PinPrefix.Length..], out pin)))
            wrong.Add($"--pin: \"{typed.Pin}\" is not {PinPrefix} and 44 characters of base64, as the server says at its start");
        if (typed.PortBlocks is < 0 or > AddressLayout.BlockCount)
            wrong.Add($"--port-blocks: {typed.PortBlocks} is outside 0..{AddressLayout.BlockCount}");
        if (typed.Port is < 1 or > 65535)
            wrong.Add($"--port: {typed.Port} is not a TCP port");
        if (!Path.IsPathRooted(typed.StateDirectory))
            wrong.Add($"--state-directory: \"{typed.StateDirectory}\" is not an absolute path");
        if (string.IsNullOrEmpty(typed.Password))
            wrong.Add("the environment variable VPROX_PASSWORD is not set: the server's password");
        else if (typed.Password.Any(char.IsControl))
            wrong.Add("VPROX_PASSWORD holds a control character; it goes into an HTTP header and must be one line");
        errors = wrong;
        options = wrong.Count > 0 ? null : new ConnectOptions
        {
            Server = server!,
            Port = typed.Port,
            Interface = typed.Interface,
            Pin = pin,
            PortBlocks = typed.PortBlocks,
            Keep = typed.Keep,
            StateDirectory = typed.StateDirectory,
            WireGuard = typed.WireGuard,
            Password = typed.Password!,
        };
        return options is not null;
    }

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Interface} to {Url}";

    // What nft takes in quotes and wg-quick(8) as a name; it also names files.
    private static bool IsInterface(string name)
    {
        try
        {
            return NftName.Interface(name).Length > 0 && name[0] is not ('.' or '-') && !name.Contains('@', StringComparison.Ordinal) && !name.Contains('+', StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
