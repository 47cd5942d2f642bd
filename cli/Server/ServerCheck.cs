using System.Net;
using System.Net.Sockets;
using Vprox.Netlink;

namespace Vprox.Cli.Server;

/// <summary>Looks, before anything is touched, whether this host has what a server needs.</summary>
internal static class ServerCheck
{
    /// <summary>One sentence about the first thing that is missing, and what to do; null when all is there.</summary>
    public static string? WhatIsMissing(ServerOptions options) =>
        HostCheck.WhatIsMissing(options.Node.WireGuard)
        ?? (options.Cloud || options.Standby ? null : options.Addresses.Select(NotHere).FirstOrDefault(sentence => sentence is not null))
        ?? (options.Cloud ? [IPAddress.Any] : options.Addresses).Select(address => InUse(address, options.Node.HttpsPort)).FirstOrDefault(sentence => sentence is not null);

    private static string? NotHere(IPAddress address)
    {
        using var route = RouteNetlink.Open();
        var links = route.Links().Where(link => !link.IsLoopback).ToDictionary(link => link.Index);
        var addresses = route.Addresses().Where(each => links.ContainsKey(each.LinkIndex)).ToList();
        return addresses.Any(each => each.Address.Equals(address)) ? null
            : $"{address} is not on this host, which has {string.Join(", ", addresses.Select(each => $"{each.Address} ({links[each.LinkIndex].Name})"))}. "
                + "Add it first, or start with --standby to serve it whenever it is here";
    }

    private static string? InUse(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // It is still to come.
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? $"port {port} of {address} is in use by another program, perhaps another vprox server or a web server (ss -ltnp shows it)"
                : $"port {port} of {address} cannot be listened on: {e.Message}";
        }
    }
}
