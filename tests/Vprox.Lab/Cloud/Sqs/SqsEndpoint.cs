using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Vprox.Lab.Cloud.Sqs;

/// <summary>SQS's AWS JSON 1.0 protocol: X-Amz-Target names the action, body and answer are JSON.</summary>
public sealed class SqsEndpoint(CloudRegion region)
{
    private const string TargetPrefix = "AmazonSQS.";
    private const int LargestWaitSeconds = 20;

    public static bool Handles(HttpRequest request) =>
        request.Headers["X-Amz-Target"].ToString().StartsWith(TargetPrefix, StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        var action = context.Request.Headers["X-Amz-Target"].ToString()[TargetPrefix.Length..];
        JsonObject answer;
        try
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject ?? [];
            answer = await AnswerAsync(action, body, context);
        }
        catch (SqsException refused)
        {
            await RefuseAsync(context, refused);
            return;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            await RefuseAsync(context, new SqsException("com.amazon.coral.service#SerializationException", "InvalidParameterValue", malformed.Message));
            return;
        }
        await WriteAsync(context, 200, answer);
    }

    private async Task<JsonObject> AnswerAsync(string action, JsonObject body, HttpContext context)
    {
        switch (action)
        {
            case "CreateQueue":
                region.Queues.Create(Text(body, "QueueName"));
                return new JsonObject { ["QueueUrl"] = UrlOf(context, Text(body, "QueueName")) };
            case "GetQueueUrl":
                return new JsonObject { ["QueueUrl"] = UrlOf(context, Existing(Text(body, "QueueName"))) };
            case "GetQueueAttributes":
                var counted = QueueIn(body);
                return new JsonObject
                {
                    ["Attributes"] = new JsonObject
                    {
                        ["QueueArn"] = $"arn:aws:sqs:{region.Name}:123456789012:{counted}",
                        ["ApproximateNumberOfMessages"] = $"{region.Queues.CountOf(counted)}",
                    },
                };
            case "SendMessage":
                var sent = region.Queues.Send(QueueIn(body), Text(body, "MessageBody"));
                return new JsonObject { ["MessageId"] = sent.Id, ["MD5OfMessageBody"] = Md5(sent.Body) };
            case "ReceiveMessage":
                return await ReceiveAsync(body, context.RequestAborted);
            case "DeleteMessage":
                Delete(QueueIn(body), Text(body, "ReceiptHandle"));
                return [];
            case "DeleteMessageBatch":
                return DeleteBatch(body);
            default:
                throw new SqsException("com.amazonaws.sqs#UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", $"{action} is not known");
        }
    }

    private async Task<JsonObject> ReceiveAsync(JsonObject body, CancellationToken cancel)
    {
        var max = Number(body, "MaxNumberOfMessages") ?? 1;
        var wait = Number(body, "WaitTimeSeconds") ?? 0;
        if (max is < 1 or > 10 || wait is < 0 or > LargestWaitSeconds)
            throw new SqsException("com.amazonaws.sqs#InvalidParameterValue", "InvalidParameterValue", "MaxNumberOfMessages is 1..10, WaitTimeSeconds 0..20");
        var visibility = TimeSpan.FromSeconds(Number(body, "VisibilityTimeout") ?? 30);
        var messages = await region.Queues.ReceiveAsync(QueueIn(body), max, visibility, TimeSpan.FromSeconds(wait), cancel);
        if (messages.Count == 0)
            return [];
        return new JsonObject
        {
            ["Messages"] = new JsonArray([.. messages.Select(message => new JsonObject
            {
                ["MessageId"] = message.Id,
                ["ReceiptHandle"] = message.Receipt,
                ["MD5OfBody"] = Md5(message.Body),
                ["Body"] = message.Body,
                ["Attributes"] = new JsonObject
                {
                    ["ApproximateReceiveCount"] = $"{message.ReceiveCount}",
                    ["SentTimestamp"] = $"{message.SentAt.ToUnixTimeMilliseconds()}",
                },
            })]),
        };
    }

    private JsonObject DeleteBatch(JsonObject body)
    {
        var queue = QueueIn(body);
        JsonArray successful = [], failed = [];
        foreach (var entry in body["Entries"]?.AsArray() ?? [])
        {
            var id = Text(entry!.AsObject(), "Id");
            if (region.Queues.Delete(queue, Text(entry.AsObject(), "ReceiptHandle")))
                successful.Add(new JsonObject { ["Id"] = id });
            else
                failed.Add(new JsonObject { ["Id"] = id, ["SenderFault"] = true, ["Code"] = "ReceiptHandleIsInvalid" });
        }
        return new JsonObject { ["Successful"] = successful, ["Failed"] = failed };
    }

    private void Delete(string queue, string receipt)
    {
        if (!region.Queues.Delete(queue, receipt))
            throw new SqsException("com.amazonaws.sqs#ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", "The specified receipt handle isn't valid.");
    }

    private string QueueIn(JsonObject body) => Existing(Text(body, "QueueUrl").Split('/')[^1]);

    private string Existing(string name) => region.Queues.Exists(name)
        ? name
        : throw new SqsException("com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");

    private static string UrlOf(HttpContext context, string name) => $"{context.Request.Scheme}://{context.Request.Host}/123456789012/{name}";

    private static string Text(JsonObject body, string name) => body[name]?.GetValue<string>()
        ?? throw new SqsException("com.amazonaws.sqs#MissingParameter", "MissingParameter", $"The request must contain the parameter {name}.");

    private static int? Number(JsonObject body, string name) => body[name]?.GetValue<int>();

#pragma warning disable CA5351 // SQS's answers carry an MD5 that its SDKs check; nothing is protected by it.
    private static string Md5(string body) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5351

    private static async Task RefuseAsync(HttpContext context, SqsException refused)
    {
        context.Response.Headers["x-amzn-query-error"] = $"{refused.QueryCode};Sender";
        await WriteAsync(context, 400, new JsonObject { ["__type"] = refused.Type, ["message"] = refused.Message });
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonObject answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.0";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}
