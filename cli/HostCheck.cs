using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.WireGuard;

namespace Vprox.Cli;

/// <summary>What both ends need of a host.</summary>
internal static class HostCheck
{
    /// <summary>One sentence about the first thing that is missing; null when all is there.</summary>
    public static string? WhatIsMissing(WireGuardBackend backend)
    {
        if (!Environment.IsPrivilegedProcess)
            return "this needs root: it makes network interfaces, routes and firewall rules";
        try
        {
            using (WireGuardClient.Open(backend))
            using (new Nft())
                return null;
        }
        catch (WireGuardException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is NftException or NetlinkException)
        {
            return e.Message;
        }
    }
}
