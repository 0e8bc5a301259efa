"""One cell of the notebook, put into a function so that it can be imported."""

import pandas as pd
from sklearn.model_selection import train_test_split


# Your turn: part this into encoder_helper and perform_feature_engineering, and delete it.
def run_cell(df):
    keep = ["Customer_Age", "Dependent_count", "Months_on_book", "Total_Relationship_Count",
            "Months_Inactive_12_mon", "Contacts_Count_12_mon", "Credit_Limit",
            "Total_Revolving_Bal", "Avg_Open_To_Buy", "Total_Amt_Chng_Q4_Q1",
            "Total_Trans_Amt", "Total_Trans_Ct", "Total_Ct_Chng_Q4_Q1",
            "Avg_Utilization_Ratio"]

    # gender
    gender_list = []
    gender_groups = df.groupby("Gender")["Churn"].mean()
    for val in df["Gender"]:
        gender_list.append(gender_groups.loc[val])
    df["Gender_Churn"] = gender_list
    keep.append("Gender_Churn")

    # education
    edu_list = []
    edu_groups = df.groupby("Education_Level")["Churn"].mean()
    for val in df["Education_Level"]:
        edu_list.append(edu_groups.loc[val])
    df["Education_Level_Churn"] = edu_list
    keep.append("Education_Level_Churn")

    # marital status
    marital_list = []
    marital_groups = df.groupby("Marital_Status")["Churn"].mean()
    for val in df["Marital_Status"]:
        marital_list.append(marital_groups.loc[val])
    df["Marital_Status_Churn"] = marital_list
    keep.append("Marital_Status_Churn")

    # income
    income_list = []
    income_groups = df.groupby("Income_Category")["Churn"].mean()
    for val in df["Income_Category"]:
        income_list.append(income_groups.loc[val])
    df["Income_Category_Churn"] = income_list
    keep.append("Income_Category_Churn")

    # card
    card_list = []
    card_groups = df.groupby("Card_Category")["Churn"].mean()
    for val in df["Card_Category"]:
        card_list.append(card_groups.loc[val])
    df["Card_Category_Churn"] = card_list
    keep.append("Card_Category_Churn")

    # features and answers
    X = pd.DataFrame()
    for name in keep:
        X[name] = df[name]
    y = df["Churn"]

    # split
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=42)
    print(X_train.shape, X_test.shape)
    return X_train, X_test, y_train, y_test
