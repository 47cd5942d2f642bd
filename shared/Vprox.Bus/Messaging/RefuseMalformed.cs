using MassTransit;

namespace Vprox.Bus.Messaging;

/// <summary>
/// Stands before every consumer and refuses what is too large or has a null where the contract has none. It stands in the consume
/// pipe, because what fails in MassTransit's receive pipe goes back to the queue, and so on for ever.
/// </summary>
internal sealed class RefuseMalformed<T>(BusOptions options) : IFilter<ConsumeContext<T>> where T : class
{
    public Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        if (context.ReceiveContext.Body.Length is { } length && length > options.MaxBodyBytes)
        {
            throw new MalformedMessageException(
                $"{typeof(T).Name}: the body of {length} bytes is larger than the {options.MaxBodyBytes} that Bus:MaxBodyBytes allows");
        }
        if (RequiredFields.FirstNull(context.Message) is { } field)
            throw new MalformedMessageException($"{typeof(T).Name}: {field} is required but null");
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("refuseMalformed");
}
