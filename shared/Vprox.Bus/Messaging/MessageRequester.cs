using MassTransit;

namespace Vprox.Bus.Messaging;

internal sealed class MessageRequester(IClientFactory clients, BusConnection connection, BusOptions options) : IMessageRequester
{
    public Task<TAnswer> RequestAsync<TRequest, TAnswer>(TRequest request, CancellationToken cancellationToken)
        where TRequest : class where TAnswer : class =>
        AskAsync<TRequest, TAnswer>(async (client, deadline) =>
            (await client.GetResponse<TAnswer>(request, deadline, options.RequestTimeout).ConfigureAwait(false)).Message, cancellationToken);

    public Task<(TAnswer? Answer, TRefusal? Refusal)> RequestAsync<TRequest, TAnswer, TRefusal>(
        TRequest request, CancellationToken cancellationToken)
        where TRequest : class where TAnswer : class where TRefusal : class =>
        AskAsync<TRequest, (TAnswer?, TRefusal?)>(async (client, deadline) =>
        {
            var response = await client.GetResponse<TAnswer, TRefusal>(request, deadline, options.RequestTimeout).ConfigureAwait(false);
            if (response.Is(out Response<TAnswer>? answer)) return (answer.Message, null);
            return response.Is(out Response<TRefusal>? refusal) ? (null, refusal.Message) : throw new NoAnswerException("neither kind of answer");
        }, cancellationToken);

    private async Task<TResult> AskAsync<TRequest, TResult>(
        Func<IRequestClient<TRequest>, CancellationToken, Task<TResult>> ask, CancellationToken cancellationToken) where TRequest : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.RequestTimeout);
        try
        {
            await connection.WaitForConnectionAsync(0, deadline.Token).ConfigureAwait(false);
            // Waited for no longer than the deadline, whatever the client does with a connection that went.
            return await ask(clients.CreateRequestClient<TRequest>(options.RequestTimeout), deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (RequestFaultException fault)
        {
            var cause = fault.Fault?.Exceptions.FirstOrDefault()?.Message ?? fault.Message;
            throw new NoAnswerException($"{typeof(TRequest).Name} failed on the other side: {cause}", fault);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NoAnswerException($"{typeof(TRequest).Name} had no answer within {options.RequestTimeout.TotalSeconds:0.#} s", failed);
        }
    }
}
