using MassTransit;
using Microsoft.Extensions.Logging;

namespace Vprox.Bus.Messaging;

/// <summary>Says once for each message that it went to the error queue and why.</summary>
internal sealed class FailureLog(ILogger<FailureLog> logger) : IReceiveObserver
{
    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class
    {
        logger.MessageFailed(typeof(T).Name, context.MessageId, Queue(context.ReceiveContext), exception.Message);
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        // A consumer's failure was told by ConsumeFault; here is what never reached one.
        if (!context.IsFaulted) logger.MessageNotUnderstood(context.GetMessageId(), Queue(context), exception.Message);
        return Task.CompletedTask;
    }

    private static string Queue(ReceiveContext context) => context.InputAddress.Segments[^1];
}
