using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Vprox.Failover.Adapters;

/// <summary>The SQS queue that EventBridge feeds, by AWSSDK.SQS with long polling.</summary>
public sealed class Ec2EventQueue : IDisposable
{
    // The longest that SQS waits for a message (SQS developer guide, "Long polling"), and some time for its answer.
    private const int WaitSeconds = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(WaitSeconds + 10);

    private readonly AmazonSQSClient sqs;
    private readonly string url;

    public Ec2EventQueue(FailoverOptions options)
    {
        url = options.SqsQueueUrl ?? throw new InvalidOperationException("No queue is configured.");
        // A queue's URL begins with its endpoint, be it AWS's, a VPC endpoint's or a test's.
        sqs = new AmazonSQSClient(new AmazonSQSConfig
        {
            ServiceURL = new Uri(url).GetLeftPart(UriPartial.Authority),
            AuthenticationRegion = options.Region,
            Timeout = Patience,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            MaxErrorRetry = 1,
        });
    }

    /// <summary>Waits for messages, 20 s at most.</summary>
    /// <exception cref="EventQueueException">SQS did not answer, or refused.</exception>
    public async Task<IReadOnlyList<(string Receipt, string Body)>> ReceiveAsync(CancellationToken cancellationToken)
    {
        var answer = await CallAsync(() => sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest { QueueUrl = url, MaxNumberOfMessages = 10, WaitTimeSeconds = WaitSeconds }, cancellationToken), cancellationToken);
        return [.. (answer.Messages ?? []).Select(message => (message.ReceiptHandle, message.Body))];
    }

    /// <summary>Deletes what was dealt with. What SQS keeps nevertheless comes again, and is no news then.</summary>
    /// <exception cref="EventQueueException">SQS did not answer, or refused.</exception>
    public Task DeleteAsync(IReadOnlyCollection<string> receipts, CancellationToken cancellationToken) => receipts.Count == 0
        ? Task.CompletedTask
        : CallAsync(() => sqs.DeleteMessageBatchAsync(new DeleteMessageBatchRequest
        {
            QueueUrl = url,
            Entries = [.. receipts.Select((receipt, index) => new DeleteMessageBatchRequestEntry { Id = $"{index}", ReceiptHandle = receipt })],
        }, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => sqs.Dispose();

    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception failed) when (Ec2Sdk.IsUnanswered(failed, cancellationToken) || failed is AmazonServiceException)
        {
            throw new EventQueueException(failed.Message, failed);
        }
    }
}

/// <summary>The queue of EC2's events could not be read.</summary>
public sealed class EventQueueException(string message, Exception inner) : Exception(message, inner);
