using Microsoft.Extensions.Logging;

namespace Vprox.Bus.Messaging;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Connected to the bus at {Address}")]
    public static partial void BusConnected(this ILogger logger, BrokerAddress address);

    [LoggerMessage(1002, LogLevel.Warning, "Bus at {Address} was unreachable, going on without it: {Cause}")]
    public static partial void BusUnreachable(this ILogger logger, BrokerAddress address, string cause);

    [LoggerMessage(1003, LogLevel.Error, "{MessageType} {MessageId} from {Queue} failed and was laid in {Queue}_error: {Cause}")]
    public static partial void MessageFailed(this ILogger logger, string messageType, Guid? messageId, string queue, string cause);

    [LoggerMessage(1004, LogLevel.Error, "A message {MessageId} from {Queue} was not understood and was laid in {Queue}_error: {Cause}")]
    public static partial void MessageNotUnderstood(this ILogger logger, Guid? messageId, string queue, string cause);
}
