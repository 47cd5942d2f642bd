using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Vprox.Addressing;
using Vprox.Identity;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Connect;

/// <summary>Turns a server's answer to /connect into a tunnel. Where a grant says what an answer may hold, the server itself has to be taken at its word.</summary>
internal static class ServerAnswer
{
    /// <summary>Checks the answer; false with what is wrong.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="options">Whom it was asked of.</param>
    /// <param name="key">The tunnel's own key.</param>
    /// <param name="pin">The pin of the server that answered.</param>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryParse(
        ConnectAnswer answer, ConnectOptions options, WireGuardPrivateKey key, TlsPin pin, [NotNullWhen(true)] out DesiredTunnel? tunnel, [NotNullWhen(false)] out string? fault)
    {
        tunnel = null;
        if (!TryParseSubnet(answer.AssignedAddr, out var inner))
            fault = "AssignedAddr is not an IPv4 address with a prefix length of 8 to 30";
        else if (!WireGuardKey.TryParse(answer.ServerPublicKey, out var serverKey))
            fault = "ServerPublicKey is not a WireGuard key";
        else
        {
            var asGranted = new TunnelGrant
            {
                Token = options.Password,
                Address = options.Server,
                WorkspaceId = "",
                ServerPublicKey = serverKey,
                Inner = inner,
                TlsPin = pin,
                RenewAt = DateTimeOffset.MaxValue,
                ExpiresAt = DateTimeOffset.MaxValue,
            };
            if (!NodeConnection.TryParse(answer, asGranted, out var connection, out fault))
                return false;
            tunnel = new DesiredTunnel
            {
                Slot = 0,
                PrivateKey = key,
                ServerPublicKey = serverKey,
                Endpoint = connection.Endpoint,
                InnerAddresses = connection.InnerAddresses,
                Blocks = connection.Blocks,
                Gateway = connection.Gateway,
                Mtu = connection.Mtu,
            };
        }
        return tunnel is not null;
    }

    private static bool TryParseSubnet(string? text, out Ipv4Prefix subnet)
    {
        subnet = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !Ipv4.TryParse(text![..slash], out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length is < 8 or > 30)
            return false;
        subnet = Ipv4Prefix.Containing(address, length);
        return true;
    }
}
