using System.Net;

namespace Vprox.Cli;

/// <summary>Everything the commands log beside what the agents' parts do. Never the password, never a key.</summary>
internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "{Address} is offered as {PrivateAddress}: inner subnet {Inner}, UDP port {Port}, --pin sha256:{Pin}")]
    public static partial void Offers(this ILogger logger, string address, string privateAddress, string inner, int port, string pin);

    [LoggerMessage(6002, LogLevel.Error, "{Addresses} are not served: {Block} has no /22 left for them, give a larger --wg-block")]
    public static partial void NoPlace(this ILogger logger, string addresses, string block);

    [LoggerMessage(6003, LogLevel.Warning, "Peers that are said to leave were not looked at: {Reason}")]
    public static partial void SilenceNotSeen(this ILogger logger, string reason);

    [LoggerMessage(6010, LogLevel.Information, "{Server} was not known; its key was taken on trust and kept in {File}: --pin sha256:{Pin}")]
    public static partial void TrustedOnFirstUse(this ILogger logger, IPAddress server, string file, string pin);

    [LoggerMessage(6011, LogLevel.Information, "{Link} leads to {Server} as {Addresses} with {Blocks} port blocks")]
    public static partial void Connected(this ILogger logger, string link, IPAddress server, string addresses, int blocks);

    [LoggerMessage(6012, LogLevel.Warning, "{Link} hears nothing from {Server}")]
    public static partial void FellSilent(this ILogger logger, string link, IPAddress server);

    [LoggerMessage(6013, LogLevel.Information, "{Link} reaches {Server} again, {How}, {Seconds:0.00} s after its silence was noticed")]
    public static partial void Restored(this ILogger logger, string link, IPAddress server, double seconds, string how);

    [LoggerMessage(6014, LogLevel.Warning, "{Link} could not connect to {Server} again, trying on: {Reason}")]
    public static partial void NotReconnected(this ILogger logger, string link, IPAddress server, string reason);

    [LoggerMessage(6015, LogLevel.Information, "{Link} was removed")]
    public static partial void Removed(this ILogger logger, string link);

    [LoggerMessage(6020, LogLevel.Error, "{Link} was not removed: {Reason}")]
    public static partial void NotRemoved(this ILogger logger, string link, string reason);

    [LoggerMessage(6016, LogLevel.Warning, "{Server} was not told that {Link} is gone, it will find out by itself: {Reason}")]
    public static partial void DisconnectUnheard(this ILogger logger, IPAddress server, string link, string reason);

    [LoggerMessage(6017, LogLevel.Information, "{Link} stays up")]
    public static partial void Kept(this ILogger logger, string link);

    [LoggerMessage(6018, LogLevel.Warning, "{Link} was put right: {Steps}")]
    public static partial void Repaired(this ILogger logger, string link, string steps);

    [LoggerMessage(6019, LogLevel.Warning, "{Link} was not looked at: {Reason}")]
    public static partial void NotLookedAt(this ILogger logger, string link, string reason);
}
