namespace Vprox.Lab.Cloud.Sqs;

/// <summary>A standard queue: at least once, in no promised order; what was received stays hidden for the visibility timeout. Not thread-safe.</summary>
public sealed class Queue
{
    private readonly List<Stored> _messages = [];
    private long _lastReceipt;

    public int Count => _messages.Count;

    public QueueMessage Send(string body, DateTimeOffset now)
    {
        var message = new Stored { Id = Guid.NewGuid().ToString(), Body = body, SentAt = now, VisibleAt = now };
        _messages.Add(message);
        return message.Seen("");
    }

    /// <summary>At most <paramref name="max"/> visible messages, hidden from then on.</summary>
    public IReadOnlyList<QueueMessage> Receive(int max, TimeSpan visibility, DateTimeOffset now)
    {
        var received = new List<QueueMessage>();
        foreach (var message in _messages.Where(message => message.VisibleAt <= now).Take(max))
        {
            message.VisibleAt = now + visibility;
            message.Receipt = $"{message.Id}:{++_lastReceipt}";
            message.ReceiveCount++;
            received.Add(message.Seen(message.Receipt));
        }
        return received;
    }

    /// <summary>Deletes what the receipt stands for; false for a receipt that was never given. Deleting twice is no error in SQS.</summary>
    public bool Delete(string receipt)
    {
        var known = receipt.LastIndexOf(':') > 0;
        _messages.RemoveAll(message => message.Receipt == receipt);
        return known;
    }

    private sealed class Stored
    {
        public required string Id { get; init; }

        public required string Body { get; init; }

        public required DateTimeOffset SentAt { get; init; }

        public required DateTimeOffset VisibleAt { get; set; }

        public string Receipt { get; set; } = "";

        public int ReceiveCount { get; set; }

        public QueueMessage Seen(string receipt) => new(Id, receipt, Body, SentAt, ReceiveCount);
    }
}

/// <summary>A message as a receiver sees it.</summary>
public sealed record QueueMessage(string Id, string Receipt, string Body, DateTimeOffset SentAt, int ReceiveCount);
