using RabbitMQ.Client;

namespace Vprox.Bus.Messaging;

/// <summary>
/// Takes letters from a queue's error queue and lays them back, unchanged but for the cause, at the end of the queue they failed in.
/// A letter is taken from the error queue only after the broker has confirmed it in the other: it may double, it cannot be lost.
/// </summary>
public static class DeadLetterReplayer
{
    private const string Reason = "MT-Reason";
    private const string Fault = "MT-Fault-";

    /// <summary>Replays at most as many letters as there are now, so that one which fails again does not go round.</summary>
    /// <param name="uri">The broker, as in <see cref="BusOptions.Uri"/>.</param>
    /// <param name="queue">The queue, without <c>_error</c>; it must exist.</param>
    /// <param name="limit">At most so many; null means all there are.</param>
    /// <param name="cancellationToken">Ends it between two letters.</param>
    /// <returns>The number of letters replayed.</returns>
    /// <exception cref="RabbitMQ.Client.Exceptions.OperationInterruptedException">There is no error queue.</exception>
    /// <exception cref="RabbitMQ.Client.Exceptions.PublishException">There is no such queue; the letter stays.</exception>
    public static async Task<int> ReplayAsync(Uri uri, string queue, int? limit = null, CancellationToken cancellationToken = default)
    {
        var connection = await new ConnectionFactory { Uri = uri }.CreateConnectionAsync("vprox-replay", cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken).ConfigureAwait(false);
        await using var __ = channel.ConfigureAwait(false);

        var errors = queue + "_error";
        var waiting = await channel.MessageCountAsync(errors, cancellationToken).ConfigureAwait(false);
        var most = Math.Min(waiting, limit ?? int.MaxValue);
        var replayed = 0;
        while (replayed < most && await channel.BasicGetAsync(errors, autoAck: false, cancellationToken).ConfigureAwait(false) is { } letter)
        {
            // Through the default exchange, mandatory: a queue that is gone refuses it instead of swallowing it.
            await channel.BasicPublishAsync("", queue, mandatory: true, WithoutCause(letter.BasicProperties), letter.Body, cancellationToken).ConfigureAwait(false);
            await channel.BasicAckAsync(letter.DeliveryTag, multiple: false, CancellationToken.None).ConfigureAwait(false);
            replayed++;
        }
        return replayed;
    }

    private static BasicProperties WithoutCause(IReadOnlyBasicProperties letter) => new(letter)
    {
        Headers = letter.Headers?.Where(header => header.Key != Reason && !header.Key.StartsWith(Fault, StringComparison.Ordinal))
            .ToDictionary(header => header.Key, header => header.Value),
    };
}
